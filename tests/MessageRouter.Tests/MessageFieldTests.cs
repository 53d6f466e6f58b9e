using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests;

public class MessageFieldTests
{
    private static readonly Message Event = Message.FromJson(
        """{"level":"error","n":7,"big":9007199254740993,"part":0.5,"yes":true,"no":false,"nil":null,"digits":"7","esc":"d\u00e9j\u00e0 \"vu\"","list":[1,"b"],"in":{"a":1}}""");

    [Fact]
    public void Compares_with_a_text()
    {
        Assert.True(Event["level"] == "error");
        Assert.True("error" == Event["level"]);
        Assert.True(Event["esc"] == "déjà \"vu\"");
        Assert.True(Event["list.1"] == "b");
        Assert.True(Event["level"] != "info");
        Assert.False(Event["level"] == "erro");
        Assert.False(Event["level"] == new string('e', 1000));
    }

    [Fact]
    public void Compares_with_a_number_as_a_number()
    {
        Assert.True(Event["n"] == 7);
        Assert.True(Event["n"] == 7.0);
        Assert.True(Event["n"] > 6 && Event["n"] >= 7 && Event["n"] < 7.5 && Event["n"] <= 7);
        Assert.True(Event["part"] < 1 && Event["part"] == 0.5);
        Assert.True(Event["big"] == 9007199254740993 && Event["big"] > 9007199254740992);
        Assert.True(Event["n"] != 8);
        Assert.False(Event["n"] > 7 || Event["n"] < 7 || Event["n"] >= 8 || Event["n"] <= 6.9);
        Assert.False(Event["n"] > double.NaN || Event["n"] < double.NaN || Event["n"] == double.NaN);
    }

    [Fact]
    public void Compares_with_true_and_false()
    {
        Assert.True(Event["yes"] == true && Event["no"] == false && Event["yes"] != false);
        Assert.False(Event["yes"] == false || Event["no"] == true || Event["nil"] == false || Event["n"] == true);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("nil")]
    [InlineData("list")]
    [InlineData("in")]
    [InlineData("digits")]
    public void No_comparison_holds_for_what_is_missing_or_of_another_kind(string path)
    {
        var field = Event[path];

        Assert.False(field == "error" || field == 7 || field == 7.0 || field == true || field == false);
        Assert.False(field > 1 || field < 100 || field >= 1 || field <= 100 || field > 1.0 || field < 100.0 || field >= 1.0 || field <= 100.0);
        Assert.True(field != "error" && field != 7 && field != 7.0 && field != true);
    }

    [Fact]
    public void Null_is_what_is_missing_and_what_is_null()
    {
        Assert.True(Event["missing"] == null && Event["nil"] == null && null == Event["nil"] && Event["level"] != null);
        Assert.True(Event["missing"] is null && Event["nil"] is not null);
        Assert.True(Message.FromText("x")["level"] == null);
    }

    [Fact]
    public void Compares_with_another_field_and_with_a_tree()
    {
        var other = Message.FromJson("""{"a":"\u0065rror","b":[1, "b"]}""");

        Assert.True(Event["level"] == other["a"] && Event["list"] == other["b"] && Event["level"] != other["b"]);
        Assert.True(new JArray(1, "b") == Event["list"]);
        Assert.Equal(Event["level"]!.GetHashCode(), other["a"]!.GetHashCode());
        Assert.Equal("error", Event["level"]);
        Assert.Equal(7, Event["n"]);
        Assert.Equal(0.5, Event["part"]);
        Assert.Equal(true, Event["yes"]);
    }

    [Fact]
    public void Is_searched_for_parts_only_where_it_is_text()
    {
        Assert.True(Event["level"].Contains("rro") && Event["level"].StartsWith("err") && Event["level"].EndsWith("or"));
        Assert.False(Event["level"].Contains("Err") || Event["n"].Contains("7") || Event["missing"].StartsWith("x") || Event["in"].EndsWith("}"));
    }

    [Fact]
    public void Gives_its_value_as_a_tree_as_text_and_by_casts()
    {
        JToken? tree = Event["list"];
        JToken? nothing = Event["missing"];

        Assert.Equal(2, tree!.Count());
        Assert.Null(nothing);
        Assert.Equal("""[1,"b"]""", Event["list"]!.ToString());
        Assert.Equal(("error", 7, 7L, 0.5, true), ((string?)Event["level"], (int)Event["n"]!, (long)Event["n"]!, (double)Event["part"]!, (bool)Event["yes"]!));
        Assert.Equal((null, null, null, null, null), ((string?)Event["nil"], (int?)Event["missing"], (long?)Event["nil"], (double?)Event["missing"], (bool?)Event["missing"]));
        Assert.Throws<MessageException>(() => (int)Event["missing"]!);
    }

    [Fact]
    public void A_malformed_path_is_refused() => Assert.Throws<FormatException>(() => Event["a..b"]);
}
