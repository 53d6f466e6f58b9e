using MessageRouter.Cli;
using MessageRouter.Tests.Cli;

namespace MessageRouter.Tests.Plugins;

public sealed class PluginLoaderTests : IDisposable
{
    private const string Pass = "public sealed class Pass : FilterActor { protected override Message? Filter(Message message) => message; }";

    private readonly CliRun _cli = new() { Input = "{}\n" };
    private readonly PluginFolder _plugins;

    public PluginLoaderTests() => _plugins = new PluginFolder(Directory.CreateDirectory(_cli["plugins"]).FullName);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Two_plug_ins_use_two_versions_of_one_library()
    {
        foreach (var (name, version) in ((string, string)[])[("One", "1.0.0"), ("Two", "2.0.0")])
        {
            var library = _plugins.Compile($"{name}/Acme.Colours.dll", $"public static class Colours {{ public static string Version() => \"{version}\"; }}", version);
            _plugins.Compile($"{name}/Acme.{name}.dll", $$"""
                public sealed class {{name}} : FilterActor
                {
                    protected override Message? Filter(Message message) =>
                        message.Edit(body => body["{{name}}"] = Colours.Version() + " of " + typeof(Colours).Assembly.GetName().Version);
                }
                """, references: library);
        }

        Assert.Equal((0, ""), (await RunAsync("plugins", "a { class = One, to = b }, b { class = Two, to = out }"), _cli.Error));
        Assert.Equal("""{"One":"1.0.0 of 1.0.0.0","Two":"2.0.0 of 2.0.0.0"}""" + "\n", _cli.Messages);
    }

    [Fact]
    public async Task A_plug_ins_native_library_is_found_beside_it()
    {
        // Any library with a function will do: the one that .NET itself has on every Unix.
        var extension = OperatingSystem.IsMacOS() ? "dylib" : "so";
        var native = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, $"libSystem.Native.{extension}");
        if (!File.Exists(native)) return;
        _plugins.Compile("Acme.Native.dll", """
            public sealed class Native : FilterActor
            {
                [DllImport("acme")] private static extern int SystemNative_GetPid();
                protected override Message? Filter(Message message) => message.Edit(body => body["pid"] = SystemNative_GetPid());
            }
            """);
        File.Copy(native, _plugins[$"libacme.{extension}"]);

        Assert.Equal((0, ""), (await RunAsync("plugins/Acme.Native.dll", "a { class = Native, to = out }"), _cli.Error));
        Assert.Equal($$"""{"pid":{{Environment.ProcessId}}}""" + "\n", _cli.Messages);
    }

    [Fact]
    public async Task A_folders_plug_ins_are_its_assemblies_with_components_and_those_of_the_folders_directly_below()
    {
        var library = _plugins.Compile("Acme.Library.dll", "public static class Library { public static Message? Same(Message message) => message; }");
        _plugins.Compile("Acme.Pass.dll", Pass.Replace("=> message;", "=> Library.Same(message);", StringComparison.Ordinal), references: library);
        _plugins.Compile("more/Acme.More.dll", Pass.Replace("Pass", "More", StringComparison.Ordinal));
        _plugins.Compile("more/deeper/Acme.Deeper.dll", Pass.Replace("Pass", "Deeper", StringComparison.Ordinal));

        Assert.Equal(0, await ValidateAsync("plugins", "a { class = Pass, to = b }, b { class = More, to = out }"));
        Assert.Equal(ExitCode.Configuration, await ValidateAsync("plugins", "a { class = Unknown, to = out }"));
        Assert.Contains("the plug-ins have Pass, More\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plug_in_that_is_named_twice_is_loaded_once()
    {
        _plugins.Compile("Acme.dll", $$"""
            {{Pass}}
            public sealed class Acme : IPlugin { public void Register(ComponentRegistry registry) => registry.Add<Pass>("acme", "Does nothing."); }
            """);

        Assert.Equal(0, await ValidateAsync("plugins/Acme.dll, plugins, plugins/../plugins/Acme.dll", "a { type = acme, to = out }"));
        Assert.Equal(0, await _cli.RunAsync("components", "acme", "--plugin", _cli["plugins"]));
        Assert.Contains("Does nothing.", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_bad_plug_ins_are_told_at_once_with_the_other_mistakes_of_the_file()
    {
        _cli.Write("plugins/Text.dll", "this is no assembly, whatever its name says");
        var file = _cli.Write("node.conf", """
            router {
              plugins = [
                nowhere.dll
                plugins/Text.dll
              ]
              inputs { in { type = null, to = [a, b] } }
              filters { a { type = from-nowhere, to = out }, b { class = From.Nowhere, to = out } }
              outputs { out { type = null, colour = red } }
            }
            """);

        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("validate", file));
        Assert.Contains("""
            error: plug-in `nowhere.dll` is neither a file nor a folder
             --> node.conf:3:5
              |
            3 |     nowhere.dll
              |     ^^^^^^^^^^^ name the .dll that `dotnet build` has written, or its folder
            """.ReplaceLineEndings("\n"), _cli.Error, StringComparison.Ordinal);
        Assert.Contains("plug-in `plugins/Text.dll` is damaged, or not a .NET assembly", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("unknown key `colour`", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("3 errors", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.98)]
    public async Task A_truncated_assembly_is_damaged(double part)
    {
        _plugins.Truncate("Cut.dll", typeof(Message).Assembly.Location, part);

        await AssertRefused("plugins/Cut.dll", "plug-in `plugins/Cut.dll` is damaged, or not a .NET assembly", "name the .dll that `dotnet build` has written");
        await AssertRefused("plugins", "plug-in `plugins/Cut.dll` is damaged, or not a .NET assembly", "name the .dll that `dotnet build` has written");
    }

    [Fact]
    public async Task An_assembly_without_components_is_no_plug_in()
    {
        _plugins.Compile("Plain.dll", "public sealed class Plain { public Message? Last; }");

        await AssertRefused("plugins/Plain.dll", "plug-in `plugins/Plain.dll` has no component", "a component derives from InputActor, FilterActor or OutputActor");
        await AssertRefused("plugins", "plug-in `plugins` has no plug-in", "a plug-in is an assembly with components");
        await AssertRefused("", "plug-in `` is neither a file nor a folder", "name the .dll");
    }

    [Fact]
    public async Task Every_library_that_a_plug_in_needs_and_that_is_not_there_is_named()
    {
        var one = _plugins.Compile("Acme.One.dll", "public static class One { public static void Look(Message message) { } }", "2.1.0");
        var two = _plugins.Compile("Acme.Two.dll", "public static class Two { public static void Look(Message message) { } }", "3.0.0");
        _plugins.Compile("Acme.dll", Pass.Replace("=> message;", "{ One.Look(message); Two.Look(message); return message; }", StringComparison.Ordinal), "1.0.0", one, two);
        File.Delete(one);
        File.Delete(two);

        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` needs `Acme.One` 2.1.0 and `Acme.Two` 3.0.0, which cannot be found", "put it beside the plug-in");
    }

    [Fact]
    public async Task A_library_that_is_missing_further_down_is_named()
    {
        var deepest = _plugins.Compile("Acme.Deepest.dll", "public static class Deepest { public static readonly int Depth = 1; }", "4.0.0");
        var deep = _plugins.Compile("Acme.Deep.dll", "public static class Deep { public static int Depth() => Deepest.Depth; }", references: deepest);
        var middle = _plugins.Compile("Acme.Middle.dll", "public static class Middle { public static int Depth() => Deep.Depth(); }", references: deep);
        _plugins.Compile("Acme.dll", Pass.Replace("=> message;", "=> Middle.Depth() > 0 ? message : null;", StringComparison.Ordinal), references: middle);
        Assert.Equal(0, await ValidateAsync("plugins/Acme.dll", "a { class = Pass, to = out }"));

        File.Delete(deepest);
        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` needs `Acme.Deepest` 4.0.0, which cannot be found", "put it beside the plug-in");
        File.Delete(deep);
        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` needs `Acme.Deep` 1.0.0, which cannot be found", "put it beside the plug-in");
    }

    [Fact]
    public async Task Libraries_that_need_one_another_are_looked_at_once()
    {
        var first = _plugins.Compile("older/Acme.One.dll", "public static class One { public static void Look(Message message) { } }");
        var two = _plugins.Compile("Acme.Two.dll", "public static class Two { public static void Look(Message message) => One.Look(message); }", references: first);
        var one = _plugins.Compile("Acme.One.dll", "public static class One { public static void Look(Message message) { } public static void Back(Message message) => Two.Look(message); }", references: two);
        _plugins.Compile("Acme.dll", Pass.Replace("=> message;", "{ One.Back(message); return message; }", StringComparison.Ordinal), references: one);

        Assert.Equal(0, await RunAsync("plugins/Acme.dll", "a { class = Pass, to = out }"));
    }

    [Fact]
    public async Task A_library_that_only_a_library_needs_is_named_where_it_is_missed()
    {
        var deep = _plugins.Compile("Acme.Deep.dll", "public class Deep { public int Depth { get; set; } }");
        var library = _plugins.Compile("Acme.Library.dll", "public class Settings : Deep;", references: deep);
        _plugins.Compile("Acme.dll", Pass.Replace("class Pass :", "class Pass(Pass.Options options) :", StringComparison.Ordinal).Replace("=> message;", "=> options.Like is null ? null : message; public sealed class Options { public Settings? Like { get; set; } }", StringComparison.Ordinal), "1.0.0", library, deep);
        File.Delete(deep);

        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` needs `Acme.Deep` 1.0.0, which cannot be found", "put it beside the plug-in");
    }

    [Fact]
    public async Task A_plug_in_for_a_newer_router_is_refused()
    {
        var newer = _plugins.Compile("newer/MessageRouter.dll", Router("public void Added() { }"), "99.1.0");
        _plugins.Compile("Acme.dll", Pass, references: newer);

        await AssertRefused("plugins/Acme.dll", $"plug-in `plugins/Acme.dll` is built with `MessageRouter` 99.1.0, and the router has `MessageRouter` {Version(typeof(Message))}", "build it with the router's version");
    }

    [Fact]
    public async Task A_plug_in_for_a_newer_Akka_is_refused()
    {
        var newer = _plugins.Compile("newer/Akka.dll", "namespace Akka { public class Future; }", "99.1.0");
        _plugins.Compile("Acme.dll", "public sealed class Acme : Akka.Future;", references: newer);

        await AssertRefused("plugins/Acme.dll", $"plug-in `plugins/Acme.dll` is built with `Akka` 99.1.0, and the router has `Akka` {Version(typeof(Akka.Actor.ActorBase))}", "build it with the router's version");
    }

    [Theory]
    [InlineData("public void Gone() { }", "MessageRouter.Components.FilterActor.Gone")]
    [InlineData("public long Gone(int much = 0) => much;", "MessageRouter.Components.FilterActor.Gone")]
    public async Task What_a_plug_in_uses_and_this_router_does_not_have_is_named(string member, string name)
    {
        var older = _plugins.Compile("older/MessageRouter.dll", Router(member), "0.0.9");
        _plugins.Compile("Acme.dll", Pass.Replace("=> message;", "{ Gone(); return message; }", StringComparison.Ordinal), references: older);

        await AssertRefused("plugins/Acme.dll", $"plug-in `plugins/Acme.dll` uses `{name}` of `MessageRouter` 0.0.9 in a form that the router's", "build it again with `MessageRouter`");
    }

    [Fact]
    public async Task A_component_that_does_not_fit_its_base_class_is_told()
    {
        var older = _plugins.Compile("older/MessageRouter.dll", Router("").Replace("abstract Message?", "virtual Message?", StringComparison.Ordinal).Replace("message);", "message) => null;", StringComparison.Ordinal), "0.0.9");
        _plugins.Compile("Acme.dll", "public sealed class Empty : FilterActor;", references: older);

        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` was built with something else than what is here: Method 'Filter' in type 'Empty'", "build it again with the packages of this version");
    }

    [Theory]
    [InlineData("public sealed class Plugin : IPlugin { public Plugin() => throw new InvalidOperationException(\"not today.\\nnor tomorrow\"); public void Register(ComponentRegistry registry) { } }", "`Plugin` fails with InvalidOperationException: not today\n", "a plug-in must register without failing")]
    [InlineData("public sealed class Plugin : IPlugin { public void Register(ComponentRegistry registry) => throw new Exception(\"no\"); }", "`Plugin` fails with Exception: no", "a plug-in must register without failing")]
    [InlineData("public sealed class Plugin : IPlugin { static readonly int One = int.Parse(\"one\"); public void Register(ComponentRegistry registry) => Console.Write(One); }", "`Plugin` fails with FormatException", "a plug-in must register without failing")]
    [InlineData("public sealed class Plugin(int count) : IPlugin { public void Register(ComponentRegistry registry) => Console.Write(count); }", "`Plugin` has no public constructor without parameters", "give it one")]
    [InlineData("public sealed class Plugin : IPlugin { public void Register(ComponentRegistry registry) => registry.Add<Pass>(\"a\", \"\").Add<Pass>(\"a\", \"\"); }", "`Plugin` fails with ArgumentException: There is already a filter named `a`", "names are unique within inputs, filters and outputs")]
    [InlineData("public sealed class Plugin : IPlugin { public void Register(ComponentRegistry registry) => registry.Add<Pass>(\"key\", \"\"); }", "`Plugin` fails with ArgumentException: There is already a filter named `key`", "names are unique within inputs, filters and outputs")]
    public async Task A_plug_in_that_cannot_register_says_why(string plugin, string problem, string cure)
    {
        _plugins.Compile("Acme.dll", Pass + plugin);

        await AssertRefused("plugins/Acme.dll", "plug-in `plugins/Acme.dll` cannot register: " + problem, cure);
    }

    [Theory]
    [InlineData("public sealed class Options { public Options() => throw new InvalidOperationException(\"no options\"); }", "cannot read its options: InvalidOperationException: no options")]
    [InlineData("public sealed class Options { public string Level { get; set => throw new InvalidOperationException(\"no level\"); } = \"\"; }", "cannot read its options: InvalidOperationException: no level")]
    public async Task Options_that_cannot_be_made_are_told_with_the_block_that_sets_them(string options, string problem)
    {
        _plugins.Compile("Acme.dll", Pass.Replace("=> message; }", $"=> message; {options} }}", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Configuration, await ValidateAsync("plugins/Acme.dll", "a { class = Pass, level = x, to = out }"));
        Assert.Contains($"error: filter `a` (Pass) {problem}\n --> node.conf:4:", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public Guid Level { get; set; }", "`level` of `Pass.Options` is a System.Guid")]
    [InlineData("public Sub[] Subs { get; set; } = []; public sealed record Sub(Action Act);", "`act` of `Pass.Options.Sub` is a System.Action")]
    public async Task Options_of_types_that_no_key_can_have_are_told_before_anybody_sets_them(string options, string problem)
    {
        _plugins.Compile("Acme.dll", Pass.Replace("=> message; }", $"=> message; public sealed class Options {{ {options} }} }}", StringComparison.Ordinal));

        await AssertRefused("plugins/Acme.dll", $"plug-in `plugins/Acme.dll` has options that no configuration can set: {problem}", "options can be string, bool, numbers,");
    }

    [Fact]
    public async Task Options_that_cannot_be_made_cannot_be_listed()
    {
        _plugins.Compile("Acme.dll", Pass.Replace("=> message; }", "=> message; public sealed class Options { public Options() => throw new InvalidOperationException(\"no options\"); public int Level { get; set; } } }", StringComparison.Ordinal)
            + "public sealed class Acme : IPlugin { public void Register(ComponentRegistry registry) => registry.Add<Pass>(\"acme\", \"\"); }");

        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("components", "acme", "--plugin", _cli["plugins"]));
        Assert.Equal($"error: the keys of `acme` cannot be read: InvalidOperationException: no options{Environment.NewLine}", _cli.Error);
    }

    [Fact]
    public async Task What_is_missed_only_when_a_component_is_made_is_told_with_its_block()
    {
        _plugins.Compile("Acme.dll", """
            public sealed class Pass : FilterActor
            {
                [DllImport("acme")] private static extern int Depth();
                readonly int depth = Depth();
                protected override Message? Filter(Message message) => depth > 0 ? message : null;
            }
            """);

        Assert.Equal(ExitCode.Configuration, await RunAsync("plugins/Acme.dll", "a { class = Pass, to = out }"));
        Assert.Contains("error: filters.a could not be started: needs a library that is not there: ", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("\n --> node.conf:4:", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _cli.Error, StringComparison.Ordinal);
    }

    private static string Router(string member) => $$"""
        namespace MessageRouter { public sealed class Message; }
        namespace MessageRouter.Components { public abstract class FilterActor { protected abstract Message? Filter(Message message); {{member}} } }
        """;

    private static string Version(Type type) => type.Assembly.GetName().Version!.ToString(3);

    private async Task AssertRefused(string plugins, string problem, string cure)
    {
        var before = _cli.Error.Length;
        Assert.Equal(ExitCode.Configuration, await ValidateAsync(plugins, "a { type = all, to = out }"));
        var report = _cli.Error[before..];
        Assert.Contains($"error: {problem}", report, StringComparison.Ordinal);
        Assert.Matches(@"\n --> node\.conf:2:1\d\n", report);
        Assert.Contains($"^ {cure}", report, StringComparison.Ordinal);
        Assert.Contains("1 error;", report, StringComparison.Ordinal);
    }

    private Task<int> ValidateAsync(string plugins, string filters) => _cli.RunAsync("validate", Node(plugins, filters));

    private Task<int> RunAsync(string plugins, string filters) => _cli.RunAsync("run", Node(plugins, filters), "-q");

    private string Node(string plugins, string filters) => _cli.Write("node.conf", $$"""
        router {
          plugins = [{{string.Join(", ", plugins.Split(", ").Select(path => $"\"{path}\""))}}]
          inputs { in { type = stdin, to = a } }
          filters { {{filters}} }
          outputs { out { type = stdout } }
        }
        """);
}
