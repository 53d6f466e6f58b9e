using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessageRouter.Cluster.Kubernetes;

namespace MessageRouter.Tests.Clustering;

/// <summary>What an API server may answer that means harm.</summary>
public class ApiAnswerTests
{
    private const int Runs = 20_000;

    /// <summary>Bytes that a reading takes beside what it has come to.</summary>
    private const long Working = 64 << 10;

    private static readonly string[] Telling = ["{", "}", "[", "]", ",", ":", "\"", "null", "1e9", "\"\\ud800\"", "\"podIP\":", "\"podIPs\":", "\"ip\":", "\"metadata\":", "\"items\":", "\"kind\":", "\"continue\":", "\"10.0.0.1\"", "\"::\"", "\0", "\uFFFD"];

    [Fact]
    public void Whatever_is_answered_is_a_page_or_none_and_costs_no_more_memory_than_it_is_long()
    {
        var random = new Random(1);
        var page = Page(new Pod("a", "10.0.0.1", "fd00::1"), new Pod("b") { Phase = "Pending" }, new Pod("c", "10.0.0.3") { IsEnding = true });
        var (read, refused) = (0, 0);
        for (var run = 0; run < Runs; run++)
        {
            var answer = Encoding.UTF8.GetBytes(page).ToList();
            for (var changes = random.Next(4); changes >= 0; changes--)
            {
                var at = random.Next(answer.Count);
                if (random.Next(3) == 0) answer[at] = (byte)random.Next(256);
                else if (random.Next(3) == 0) answer.RemoveRange(at, Math.Min(random.Next(1, 20), answer.Count - at));
                else answer.InsertRange(at, Encoding.UTF8.GetBytes(Telling[random.Next(Telling.Length)]));
            }
            byte[] bytes = [.. answer];
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ApiAnswer.ReadPods(bytes, 100);
                read++;
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                refused++;
            }
            ApiAnswer.ReadMessage(bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Working + 40L * bytes.Length);
        }
        Assert.True(read > Runs / 20 && refused > Runs / 20, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Of_more_addresses_than_are_wanted_one_is_read_that_is_too_many()
    {
        var page = Page([.. Enumerable.Range(0, 50).Select(number => new Pod("a", $"10.0.0.{number}"))]);

        Assert.Equal(11, ApiAnswer.ReadPods(Encoding.UTF8.GetBytes(page), 10).Addresses.Count);
    }

    [Theory]
    [InlineData("{},")]
    [InlineData("""{"status":{"phase":"Running","podIPs":[{"ip":"::1"},{"ip":"::2"}]}},""")]
    [InlineData("""{"spec":[[[[]]]],"status":{"phase":"Failed","podIPs":[{"ip":"::1"},{"ip":"::2"}]}},""")]
    public void Millions_of_pods_cost_no_more_than_those_that_are_wanted(string pod)
    {
        var page = Encoding.UTF8.GetBytes($$"""{"kind":"PodList","items":[{{string.Concat(Enumerable.Repeat(pod, (1 << 20) / pod.Length))}}{}]}""");
        ApiAnswer.ReadPods(page, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var addresses = ApiAnswer.ReadPods(page, 100).Addresses;

        Assert.InRange(addresses.Count, 0, 101);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, pod.Length > 3 ? 8 * page.Length : Working);
    }

    [Theory]
    [InlineData("""{"kind":"PodList","items":null}""")]
    [InlineData("""{"items":[],"metadata":null,"kind":"PodList","apiVersion":"v1"}""")]
    [InlineData("""{"kind":"PodList","items":[{"metadata":null,"status":null},{"status":{"phase":"Running","podIP":"","podIPs":null}},{}]}""")]
    public void What_has_nothing_to_say_is_left_out(string page)
    {
        var read = ApiAnswer.ReadPods(Encoding.UTF8.GetBytes(page), 10);

        Assert.Empty(read.Addresses);
        Assert.Equal("", read.Next);
    }

    private static string Page(params IEnumerable<Pod> pods) =>
        new JsonObject { ["kind"] = "PodList", ["metadata"] = new JsonObject { ["continue"] = "next" }, ["items"] = new JsonArray([.. pods.Select(pod => pod.ToJson())]) }.ToJsonString();
}
