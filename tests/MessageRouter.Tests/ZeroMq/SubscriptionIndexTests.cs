using System.Text;
using CsCheck;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.ZeroMq;

/// <summary>Who of many gets which messages: each word is <c>who+prefix</c> or <c>who-prefix</c>, and <c>who!</c> goes.</summary>
public class SubscriptionIndexTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte[0, 2].Array[0, 12];

    private readonly SubscriptionIndex _index = new();
    private readonly SortedDictionary<char, Subscriptions> _subscribers = [];

    [Theory]
    [InlineData("", "a", "")]
    [InlineData("1+a", "a ab b", "1:0,1")]
    [InlineData("1+ab", "a ab b", "1:1")]
    [InlineData("1+", "a b", "1:all")]
    [InlineData("1+ 1+a", "a b", "1:all")]
    [InlineData("1+a 1+ab 1+abc", "abc", "1:0")]
    [InlineData("1+abc 1+abd 1+x", "ab abc abd abx x", "1:1,2,4")]
    [InlineData("1+ab 2+abc 3+a 4+b", "abc ab b", "1:0,1 2:0 3:0,1 4:2")]
    [InlineData("1+ 2+a", "a b", "1:all 2:0")]
    [InlineData("1+a 1+a 1-a", "a", "")]
    [InlineData("1+a 2+a 1-a", "a", "2:0")]
    [InlineData("1+abc 1+abd 1-abd", "abc abd ab", "1:0")]
    [InlineData("1+a 1+abc 1-a", "ab abc", "1:1")]
    [InlineData("1+a 1+abc 1-abc", "ab abc", "1:0,1")]
    [InlineData("1+ 1+a 1-", "a b", "1:0")]
    [InlineData("1+abc 1-ab 1-abcd 1-x 2-abc", "abc", "1:0")]
    [InlineData("1+abc 2+abc 1!", "abc", "2:0")]
    [InlineData("1+ 1! 2+a", "a b", "2:0")]
    [InlineData("1+a 2+a 3+a 1! 3! 3+ab", "ab", "2:0 3:0")]
    [InlineData("1+abc 1+ab 1+a 1-a 1-ab", "a ab abc", "1:2")]
    [InlineData("1+a 1+ab 1+abc 1-ab 1-a", "a ab abc", "1:2")]
    [InlineData("1+ 1+ab 1+abc 2+ab 1-", "a ab abc", "1:1,2 2:1,2")]
    [InlineData("1+a 1+ab 1! 2+abc", "ab abc", "2:1")]
    public void A_message_is_for_those_who_have_subscribed_to_what_it_begins_with(string words, string messages, string expected)
    {
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[1] == '!') Of(word[0]).Clear();
            else Of(word[0]).Hear([word[1] == '+' ? (byte)1 : (byte)0, .. Encoding.ASCII.GetBytes(word[2..])]);
        }

        Assert.Equal(expected, Looked(messages.Split(' ').Select(Encoding.ASCII.GetBytes)));
    }

    [Fact]
    public void It_says_of_each_message_whether_anybody_wants_it()
    {
        Of('1').Add("a"u8);
        Assert.Equal([true, false], _index.Look(Batch("a"u8.ToArray(), "b"u8.ToArray()))!);

        Of('2').Add(""u8);
        Assert.Null(_index.Look(Batch("a"u8.ToArray(), "b"u8.ToArray())));
    }

    [Fact]
    public void The_first_frame_decides()
    {
        Of('1').Add("topic"u8);
        Assert.Equal([true, false], _index.Look(new ZmtpBatch(new ZmtpMessage("x"u8.ToArray(), [(byte[])[.. "topic"u8]]), new ZmtpMessage("topic"u8.ToArray(), [(byte[])[.. "x"u8]])))!);
    }

    /// <summary>Many subscribers and what they say in turn, beside a set of prefixes of each that are compared one by one.</summary>
    [Fact]
    public void Each_gets_what_it_has_subscribed_to_whatever_all_of_them_say() =>
        Gen.Select(Gen.Select(Gen.Int[0, 4], Gen.Frequency((12, Gen.Const(1)), (7, Gen.Const(0)), (1, Gen.Const(2)), (3, Gen.Const(3))), Bytes).Array[1, 80], Bytes.Array[0, 20]).Sample((words, frames) =>
        {
            var index = new SubscriptionIndex();
            var subscribers = Enumerable.Range(0, 5).Select(_ => new Subscriptions(index)).ToArray();
            var naive = subscribers.Select(_ => new HashSet<string>()).ToArray();
            foreach (var (who, verb, prefix) in words)
            {
                if (verb == 3)
                {
                    index.Look(Batch([[.. prefix, .. prefix]]));
                    continue;
                }
                if (verb == 2)
                {
                    subscribers[who].Clear();
                    naive[who].Clear();
                    continue;
                }
                subscribers[who].Hear([(byte)verb, .. prefix]);
                if (verb == 1) naive[who].Add(Convert.ToHexString(prefix));
                else naive[who].Remove(Convert.ToHexString(prefix));
            }

            var wanted = index.Look(Batch(frames));

            // Once more: each message has found all of which it need find only one.
            var before = index.Steps;
            wanted = index.Look(Batch(frames));
            var found = subscribers.Where(each => !each.MatchesAll).Sum(each => each.Places.Count);
            Assert.InRange(index.Steps - before, found, found + frames.Sum(frame => frame.Length + 1));

            var texts = frames.Select(Convert.ToHexString).ToArray();
            for (var who = 0; who < subscribers.Length; who++)
            {
                var places = Enumerable.Range(0, frames.Length).Where(place => naive[who].Any(texts[place].StartsWith)).ToArray();
                Assert.Equal(naive[who].Contains(""), subscribers[who].MatchesAll);
                Assert.Equal(naive[who].Contains("") ? [] : places, subscribers[who].Places);
                Assert.Equal(naive[who].Order(), subscribers[who].Prefixes.Select(Convert.ToHexString).Order());
                foreach (var frame in frames) Assert.Equal(naive[who].Any(Convert.ToHexString(frame).StartsWith), subscribers[who].Matches(frame));
            }
            Assert.Equal(wanted is null, naive.Any(prefixes => prefixes.Contains("")));
            if (wanted is not null) Assert.Equal(texts.Select(text => naive.Any(prefixes => prefixes.Any(text.StartsWith))), wanted);
            Assert.Equal(subscribers.Sum(each => each.Bytes), index.Bytes);

            // Nothing is left of those who have gone.
            foreach (var each in subscribers) each.Clear();
            Assert.False(index.Any);
            Assert.Equal(0, index.Bytes);
        });

    [Fact]
    public void However_many_subscribe_a_message_takes_one_step_more_for_each_who_gets_it_and_none_for_the_others()
    {
        var messages = Batch([.. Enumerable.Range(0, 50).Select(n => Encoding.ASCII.GetBytes($"topic-{n:000}/and what it says of itself"))]);
        Subscribe(0);
        var ofOne = Steps(messages);

        for (var number = 1; number < 1000; number++) Subscribe(number);

        // The first message is for all of them, the others are for nobody.
        Assert.Equal(ofOne + 999, Steps(messages));
        Assert.Equal(100_000, _subscribers.Values.Sum(each => each.Count) + _many.Sum(each => each.Count));
    }

    [Fact]
    public void However_many_prefixes_never_match_a_message_takes_no_more_steps_than_it_has_bytes()
    {
        var message = Encoding.ASCII.GetBytes(new string('m', 50));
        for (var number = 0; number < 200; number++)
        {
            var stranger = new Subscriptions(_index);
            for (var length = 0; length < 100; length++) stranger.Add([.. message[..(length % 50)], .. Encoding.ASCII.GetBytes($"~{number}/{length}")]);
        }

        Assert.InRange(Steps(Batch(message)), 1, message.Length + 1);
        Assert.Equal(0, _index.Wanting.Length);
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(100, 1)]
    [InlineData(100, 50)]
    public void Who_wants_a_message_is_found_once_with_however_many_prefixes_that_it_begins_with(int subscribers, int prefixes)
    {
        var message = new string('m', 60);
        for (var number = 0; number < subscribers; number++) Nest(message, Enumerable.Range(1, prefixes));

        Assert.InRange(Steps(Batch(Encoding.ASCII.GetBytes(message))), subscribers, message.Length + 1 + subscribers);
        Assert.Equal(subscribers, _index.Wanting.Length);
    }

    [Fact]
    public void Where_the_shorter_ones_came_last_the_first_message_finds_out_and_no_other()
    {
        var message = new string('m', 60);
        for (var number = 0; number < 100; number++) Nest(message, Enumerable.Range(1, 50).Reverse());
        var batch = Batch(Encoding.ASCII.GetBytes(message));

        Assert.InRange(Steps(batch), 100, message.Length + 1 + 100 * 50);
        Assert.InRange(Steps(batch), 100, message.Length + 1 + 100);
    }

    [Fact]
    public void A_shorter_one_that_comes_and_goes_makes_for_one_step_more_however_many_begin_with_it()
    {
        var message = new string('m', 60);
        for (var number = 0; number < 100; number++) Nest(message, Enumerable.Range(2, 50).Reverse());
        var batch = Batch(Encoding.ASCII.GetBytes(message));
        Steps(batch);

        for (var turn = 0; turn < 10; turn++)
        {
            foreach (var each in _many) each.Add("m"u8);
            Assert.InRange(Steps(batch), 100, message.Length + 1 + 2 * 100);
            foreach (var each in _many) each.Remove("m"u8);
            Assert.InRange(Steps(batch), 100, message.Length + 1 + 100);
        }
    }

    [Fact]
    public void Who_wants_everything_is_not_found_on_the_way_of_a_message()
    {
        var message = new string('m', 60);
        for (var number = 0; number < 100; number++) Nest(message, Enumerable.Range(0, 50));

        Assert.InRange(Steps(Batch(Encoding.ASCII.GetBytes(message))), 1, message.Length + 1);
    }

    [Fact]
    public void What_somebody_has_who_gets_nothing_is_not_found()
    {
        var message = new string('m', 60);
        for (var number = 0; number < 100; number++) Nest("m~" + message, Enumerable.Range(2, 50));

        Assert.InRange(Steps(Batch(Encoding.ASCII.GetBytes(message))), 1, message.Length + 1);
    }

    private readonly List<Subscriptions> _many = [];

    /// <summary>One who subscribes to so long beginnings of a message.</summary>
    private void Nest(string message, IEnumerable<int> lengths)
    {
        var subscriptions = new Subscriptions(_index);
        _many.Add(subscriptions);
        foreach (var length in lengths) subscriptions.Add(Encoding.ASCII.GetBytes(message[..length]));
    }

    /// <summary>A hundred prefixes of many lengths, the same ones for everybody.</summary>
    private void Subscribe(int number)
    {
        var subscriptions = new Subscriptions(_index, number);
        _many.Add(subscriptions);
        for (var topic = 0; topic < 100; topic++) subscriptions.Add(Encoding.ASCII.GetBytes($"topic-{topic:000}/{new string('-', topic)}"));
    }

    private long Steps(ZmtpBatch messages)
    {
        var before = _index.Steps;
        _index.Look(messages);
        return _index.Steps - before;
    }

    private Subscriptions Of(char who)
    {
        if (!_subscribers.TryGetValue(who, out var subscriptions)) _subscribers[who] = subscriptions = new Subscriptions(_index, who);
        return subscriptions;
    }

    private string Looked(IEnumerable<byte[]> messages)
    {
        _index.Look(Batch([.. messages]));
        var all = _index.OfEverything.ToArray().Select(each => ((char)each.Subscriber!, "all"));
        var some = _index.Wanting.ToArray().Select(each => ((char)each.Subscriber!, string.Join(',', each.Places)));
        return string.Join(' ', all.Concat(some).Order().Select(each => $"{each.Item1}:{each.Item2}"));
    }

    private static ZmtpBatch Batch(params byte[][] frames) => new([.. frames.Select(frame => new ZmtpMessage(frame))]);
}
