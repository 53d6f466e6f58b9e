using System.Text;
using CsCheck;
using MessageRouter.Json;
using MessageRouter.Tests.Json;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests;

public class MessageEditTests
{
    private const string NotAnObject = "The message is not a JSON object, so it has no fields to edit.";

    private static readonly Message Event = Message.FromJson("""{ "a": 1.00, "b":{"c":"\u00e9"} }""");

    [Fact]
    public void With_takes_every_kind_of_value()
    {
        var time = new DateTimeOffset(2020, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1));

        Assert.Equal("""{"x":"say \"hi\"\n"}""", Set(message => message.With("x", "say \"hi\"\n")));
        Assert.Equal("""{"x":true}""", Set(message => message.With("x", true)));
        Assert.Equal("""{"x":-5}""", Set(message => message.With("x", -5)));
        Assert.Equal("""{"x":18446744073709551615}""", Set(message => message.With("x", ulong.MaxValue)));
        Assert.Equal("""{"x":0.1}""", Set(message => message.With("x", 0.1)));
        Assert.Equal("""{"x":2.50}""", Set(message => message.With("x", 2.50m)));
        Assert.Equal("""{"x":"2020-01-02T03:04:05.6780000+01:00"}""", Set(message => message.With("x", time)));
        Assert.Equal("""{"x":[1,{"y":null}]}""", Set(message => message.With("x", new JArray(1, new JObject { ["y"] = null }))));
        Assert.Equal("""{"x":"\u00e9"}""", Set(message => message.With("x", Event["b.c"])));
        Assert.Equal("""{"x":1.00}""", Set(message => message.With("x", Event["a"])));
    }

    [Fact]
    public void With_takes_null_of_every_type()
    {
        Assert.Equal("""{"x":null}""", Set(message => message.With("x", null)));
        Assert.Equal("""{"x":null}""", Set(message => message.With("x", (JToken?)null)));
        Assert.Equal("""{"x":null}""", Set(message => message.With("x", (int?)null)));
        Assert.Equal("""{"x":null}""", Set(message => message.With("x", default(MessageField))));
        Assert.Equal("""{"x":null}""", Set(message => message.With("x", Event["missing"])));
        Assert.Equal("""{"x":5}""", Set(message => message.With("x", (int?)5)));
    }

    [Fact]
    public void Numbers_are_written_as_a_tree_writes_them() =>
        Gen.Select(Gen.Long, Gen.Double, Gen.Decimal).Sample((number, real, exact) =>
        {
            AssertAsTree(new JValue(number), Message.FromJson("{}").With("x", number));
            AssertAsTree(new JValue(exact), Message.FromJson("{}").With("x", exact));
            if (double.IsFinite(real)) AssertAsTree(new JValue(real), Message.FromJson("{}").With("x", real));
        });

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(1)]
    [InlineData(1e15)]
    [InlineData(1e16)]
    [InlineData(-1.5e-300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void Doubles_are_written_as_a_tree_writes_them(double value) => AssertAsTree(new JValue(value), Message.FromJson("{}").With("x", value));

    [Fact]
    public void Texts_of_any_length_and_content_read_back() =>
        Gen.Select(Gen.String, Gen.Int[0, 2000]).Sample((text, length) =>
        {
            text += new string('"', length);
            var message = Message.FromJson("{}").With("x", text);
            Assert.True(JsonCheck.IsDocument(message.Payload.Span, out var problem), problem);
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), (string?)message["x"]);
        });

    [Fact]
    public void Without_and_Rename_give_the_same_message_where_there_is_no_such_field()
    {
        Assert.Equal("""{ "b":{"c":"\u00e9"} }""", Event.Without("a").ToString());
        Assert.Equal("""{ "z": 1.00, "b":{"c":"\u00e9"} }""", Event.Rename("a", "z").ToString());
        Assert.Equal("""{ "b":{"c":"\u00e9","d":1.00} }""", Event.Rename("a", "b.d").ToString());
        Assert.Same(Event, Event.Without("b.x"));
        Assert.Same(Event, Event.Rename("x", "y"));
    }

    [Fact]
    public void The_message_that_was_edited_stays_as_it_was()
    {
        var before = Event.ToString();
        var edited = Event.With("a", 2).With("b.c", "x").Without("b.d");

        Assert.Equal("""{ "a": 2, "b":{"c":"x"} }""", edited.ToString());
        Assert.Equal(before, Event.ToString());
    }

    [Fact]
    public void Edited_messages_do_not_touch_each_other()
    {
        var edited = Enumerable.Range(0, 5000).Select(n => Message.FromJson("""{"text":"ab"}""").With("n", n)).ToArray();

        for (var n = 0; n < edited.Length; n++) Assert.Equal($$"""{"text":"ab","n":{{n}}}""", edited[n].ToString());
    }

    [Fact]
    public void Frames_and_receipt_stay()
    {
        var receipt = new ProbeReceipt();
        var message = new Message("{}"u8.ToArray(), MessageFormat.Json, [new byte[] { 7 }], receipt);

        foreach (var edited in new[] { message.With("x", 1), message.With("x", 1).Without("x"), message.With("x", 1).Rename("x", "y") })
        {
            Assert.Equal(7, Assert.Single(edited.LeadingFrames).Span[0]);
            Assert.Same(receipt, edited.Receipt);
        }
    }

    [Fact]
    public void A_tree_is_edited_in_its_bytes() =>
        Assert.Equal("""{"a":1,"b":2}""", Message.FromBody(new JObject { ["a"] = 1 }).With("b", 2).ToString());

    [Fact]
    public void What_is_no_object_has_no_fields()
    {
        foreach (var message in new[] { Message.FromJson("[1]"), Message.FromJson(" 1"), Message.FromText("{}"), Message.FromBytes(default) })
        {
            Assert.Equal(NotAnObject, Assert.Throws<MessageException>(() => message.With("a", 1)).Message);
            Assert.Equal(NotAnObject, Assert.Throws<MessageException>(() => message.Without("a")).Message);
            Assert.Equal(NotAnObject, Assert.Throws<MessageException>(() => message.Rename("a", "b")).Message);
        }
    }

    [Fact]
    public void A_field_without_a_place_says_why()
    {
        Assert.Equal("The field 'a.b' cannot be set: 'a' is not an object.", Assert.Throws<MessageException>(() => Event.With("a.b", 1)).Message);
        Assert.Equal("The field 'a' cannot become 'b.c.d': 'b.c' is not an object.", Assert.Throws<MessageException>(() => Event.Rename("a", "b.c.d")).Message);
        Assert.Throws<FormatException>(() => Event.With("a..b", 1));
        Assert.Throws<FormatException>(() => Event.Without("a["));
        Assert.Throws<FormatException>(() => Event.Rename("a", ""));
    }

    [Fact]
    public void What_JSON_cannot_say_is_refused()
    {
        foreach (var number in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.Equal("The field 'x' cannot be set: JSON has only finite numbers.", Assert.Throws<MessageException>(() => Event.With("x", number)).Message);
        }
        Assert.StartsWith("The field 'x' cannot be set: the value is no JSON: ", Assert.Throws<MessageException>(() => Event.With("x", new JRaw("{"))).Message);
        var deep = new JArray();
        for (var level = 0; level < 63; level++) deep = [deep];
        Assert.Equal("The field 'x' cannot be set: with 'x' the document would be more than 64 levels deep.", Assert.Throws<MessageException>(() => Event.With("x", deep)).Message);
        Assert.Contains("more than 64 levels deep", Assert.Throws<MessageException>(() => Event.With("x", new JArray { deep })).Message);
    }

    [Fact]
    public void An_edit_costs_its_bytes_and_the_message()
    {
        const int count = 1000;
        var message = Message.FromJson($$"""{"text":"{{new string('x', 90)}}","n":17}""");
        Edit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Edit();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, count, count * (message.Payload.Length + 50));

        void Edit()
        {
            for (var n = 0; n < count; n++)
            {
                if (message["n"] == 17 && message["text"] != "y") message.With("n", 18);
            }
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\"")]
    [InlineData("{} {}")]
    [InlineData("")]
    public void A_payload_that_is_to_be_json_and_is_none_is_refused(string payload) =>
        Assert.Throws<FormatException>(() => Message.FromJson("{}").WithPayload(Encoding.UTF8.GetBytes(payload), MessageFormat.Json));

    [Fact]
    public void A_payload_of_another_format_is_what_it_is_and_there_are_no_others()
    {
        Assert.Equal(MessageFormat.Text, Message.FromJson("{}").WithPayload("{"u8.ToArray(), MessageFormat.Text).Format);
        Assert.Throws<ArgumentOutOfRangeException>(() => Message.FromJson("{}").WithPayload("{}"u8.ToArray(), (MessageFormat)77));
    }

    [Fact]
    public void Edits_like_a_tree() =>
        Gen.Select(JsonGen.Document, JsonGen.Path, JsonGen.Value).Sample((json, path, value) =>
        {
            var message = Message.FromJson(json);
            if (!json.AsSpan().TrimStart().StartsWith("{")) return;
            var tree = MessageRouter.Tests.Json.JsonTree.Parse(json);
            if (MessageRouter.Tests.Json.JsonTree.TrySet(ref tree, path.Segments, MessageRouter.Tests.Json.JsonTree.Parse(value)))
                MessageRouter.Tests.Json.JsonTree.AssertSame(tree, message.With(path.ToString(), MessageRouter.Tests.Json.JsonTree.Parse(value)).Payload.Span);
            else Assert.Throws<MessageException>(() => message.With(path.ToString(), 1));
        });

    private static string Set(Func<Message, Message> edit) => edit(Message.FromJson("{}")).ToString();

    private static void AssertAsTree(JValue value, Message message) =>
        Assert.Equal(new JObject { ["x"] = value }.ToString(Newtonsoft.Json.Formatting.None), message.ToString());
}
