using Akka.Configuration;
using CsCheck;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class HoconPrinterTests
{
    private static readonly SourceSpan Nowhere = new(new SourceText("test", ""), 1, 1, 0);

    private static readonly Gen<HoconValue> Scalars = Gen.OneOf(
        Gen.String.Select(text => (HoconValue)new HoconScalar(Nowhere, text, HoconScalarKind.String)),
        Gen.Double.Where(double.IsFinite).Select(number => (HoconValue)new HoconScalar(
            Nowhere, number.ToString("R", System.Globalization.CultureInfo.InvariantCulture), HoconScalarKind.Number)),
        Gen.Bool.Select(flag => (HoconValue)new HoconScalar(Nowhere, flag ? "true" : "false", HoconScalarKind.Boolean)),
        Gen.Const((HoconValue)new HoconScalar(Nowhere, "null", HoconScalarKind.Null)));

    [Fact]
    public void Reads_back_what_was_printed() => Objects(3).Sample(
        tree =>
        {
            var again = Read.Text(HoconPrinter.Print(tree));
            Assert.Empty(again.Diagnostics.Select(diagnostic => diagnostic.Message));
            Assert.Equal(Read.Json(tree), Read.Json(again.Root));
        },
        iter: 1000);

    [Fact]
    public void Akka_reads_back_what_was_printed()
    {
        var config = Akka("""
            akka {
              loglevel = INFO, loggers = ["Akka.Event.DefaultLogger, Akka"]
              actor.provider = cluster
              actor.deployment { /parent/"*" { router = round-robin-pool, nr-of-instances = 5 }, "/a b/c.d" { x = 1 } }
              remote.dot-netty.tcp { hostname = "::1", port = 0, maximum-frame-size = 128000b, enable-ssl = off }
              cluster { seed-nodes = ["akka.tcp://sys@h:1", "akka.tcp://sys@h:2"], roles = [], down-after = 20s }
              text = "a \"b\" \\ c\n\té ${not} #no //no", empty = "", nothing {}, deep { list = [ { a = 1 }, [2] ] }
            }
            """);

        Assert.Equal("INFO", config.GetString("akka.loglevel"));
        Assert.Equal(["Akka.Event.DefaultLogger, Akka"], config.GetStringList("akka.loggers"));
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
        Assert.Equal(5, config.GetInt("akka.actor.deployment.\"/parent/*\".nr-of-instances"));
        Assert.Equal(1, config.GetInt("akka.actor.deployment.\"/a b/c.d\".x"));
        Assert.Equal("::1", config.GetString("akka.remote.dot-netty.tcp.hostname"));
        Assert.Equal(128000, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.False(config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl", true));
        Assert.Equal(["akka.tcp://sys@h:1", "akka.tcp://sys@h:2"], config.GetStringList("akka.cluster.seed-nodes"));
        Assert.Empty(config.GetStringList("akka.cluster.roles"));
        Assert.Equal(TimeSpan.FromSeconds(20), config.GetTimeSpan("akka.cluster.down-after"));
        Assert.Equal("a \"b\" \\ c\n\té ${not} #no //no", config.GetString("akka.text"));
        Assert.Equal("", config.GetString("akka.empty"));
        Assert.Equal(1, config.GetValue("akka.deep.list").GetArray()[0].GetObject().GetKey("a").GetInt());
    }

    private static Config Akka(string text) => ConfigurationFactory.ParseString(HoconPrinter.Print(Read.Text(text).Root));

    private static Gen<HoconValue> Objects(int depth) => Gen.Select(Gen.String, Values(depth)).Array[0, 5].Select(fields =>
        (HoconValue)new HoconObject(
            Nowhere, fields.DistinctBy(field => field.Item1).Select(field => new HoconField(field.Item1, Nowhere, field.Item2))));

    private static Gen<HoconValue> Values(int depth) => depth == 0
        ? Scalars
        : Gen.OneOf(Scalars, Objects(depth - 1), Values(depth - 1).Array[0, 5].Select(items => (HoconValue)new HoconArray(Nowhere, items)));
}
