using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace MessageRouter.InteropTests;

/// <summary>The command as its users get it, without the SDK.</summary>
public sealed class DistributionTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Node = """
        router {
          inputs { numbers { type = generator, count = 3, template = "{\"n\":%{seq}}", to = last } }
          filters { last { type = csharp, when = "message[\"n\"] == 3", to = out } }
          outputs { out { type = stdout } }
        }
        """;

    /// <summary>An encrypted stream from itself to itself, by keys that it has made.</summary>
    private const string Encrypted = """
        router {
          security { identities { node { file = "keys/node.key_secret" } }, peers { itself { file = "keys/node.key" } } }
          inputs {
            numbers { type = generator, count = 3, template = "{\"n\":%{seq}}", to = there }
            here { type = zeromq, socket-type = pull, bind = "ipc://@curve-PLACE", curve { identity = node, allow = [itself] }, to = out }
          }
          outputs {
            there { type = zeromq, socket-type = push, connect = "ipc://@curve-PLACE", curve { identity = node, server = "keys/node.key" } }
            out { type = stdout }
          }
        }
        """;

    [SkippableFact]
    public async Task The_single_file_runs_a_node_with_nothing_beside_it()
    {
        var published = Path.Combine(await PublishedCommand.ArtifactsAsync(), "linux-x64");
        Assert.Equal(["libsodium.so", "message-router"], Directory.GetFileSystemEntries(published).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var command = Files["alone/message-router"];
        Directory.CreateDirectory(Files["alone"]);
        File.Copy(Path.Combine(published, "message-router"), command);
        Files.Write("node.conf", Node);

        var node = Bare(command, "run", "node.conf");

        Assert.Equal(0, await node.Exits());
        Assert.Equal(["""{"n":3}"""], node.Output.Lines);
        Assert.Contains("balanced", node.Errors.Lines);
    }

    [SkippableFact]
    public async Task The_single_file_encrypts_with_the_library_beside_it() =>
        await Encrypts(Path.Combine(await PublishedCommand.ArtifactsAsync(), "linux-x64", "message-router"));

    [SkippableFact]
    public async Task The_single_file_for_Arm_runs_a_node()
    {
        Requires.Arm64();
        var published = Path.Combine(await PublishedCommand.Arm64ArtifactsAsync(), "linux-arm64");
        Assert.Equal(["libsodium.so", "message-router"], Directory.GetFileSystemEntries(published).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Files.Write("node.conf", Node);

        var node = Started(new Peer(Files.Path, Requires.Arm64Emulator, [Path.Combine(published, "message-router"), "run", "node.conf"]));

        // An emulator takes its time.
        Assert.Equal(0, await node.Exits(TimeSpan.FromMinutes(5)));
        Assert.Equal(["""{"n":3}"""], node.Output.Lines);
        Assert.Contains("balanced", node.Errors.Lines);
    }

    [SkippableFact]
    public async Task The_debian_package_for_Arm_is_what_is_for_Arm()
    {
        var package = Directory.GetFiles(await PublishedCommand.Arm64ArtifactsAsync(), "message-router_*_arm64.deb").Single();
        Skip.IfNot(File.Exists("/usr/bin/dpkg-deb"), "dpkg is not installed.");

        await Succeeds("dpkg-deb", "--extract", package, Files["package"]);

        // The machine in the header of an ELF file.
        foreach (var file in (string[])["message-router", "libsodium.so"])
            Assert.Equal(0xB7, File.ReadAllBytes(Files[$"package/usr/lib/message-router/{file}"])[0x12]);
        await HasItsManualAndCompletions("package/usr/share");
    }

    [SkippableFact]
    public async Task The_single_file_starts_itself_as_a_worker_and_has_the_project_of_a_filter_in_it()
    {
        var command = Path.Combine(await PublishedCommand.ArtifactsAsync(), "linux-x64", "message-router");
        Files.Write("worker.conf", """router { inputs.in { type = generator, rate = 1000, to = out }, outputs.out { type = file, path = done } }""");
        Files.Write("node.conf", """router { inputs.in { type = stdin, to = out }, outputs.out { type = stdout }, workers { command = [message-router, run, worker.conf] } }""");

        var node = Bare(command, "run", "node.conf");
        await node.Until(() => Files.Size("done") > 0, "the worker to be at work");
        node.Send(Signal.Terminate);
        var filter = Bare(command, "new", "filter", "MyApp");

        Assert.Equal(0, await node.Exits());
        Assert.Equal(0, await filter.Exits());
        Assert.True(File.Exists(Files["MyApp/node.conf"]));
    }

    [SkippableFact]
    public async Task The_tool_that_is_installed_is_the_one_that_was_compiled_for_the_machine()
    {
        var artifacts = await PublishedCommand.ArtifactsAsync();
        using var package = ZipFile.OpenRead(Directory.GetFiles(artifacts, "MessageRouter.Cli.?.?.?.nupkg").Single());
        var settings = XDocument.Load(package.Entries.Single(entry => entry.Name == "DotnetToolSettings.xml").Open());
        Files.Write("node.conf", Node);

        await Started(new DotnetCommand(Files.Path, Files.Path, "tool", "install", "MessageRouter.Cli", "--tool-path", "tools", "--source", artifacts)).Succeeds();
        var node = Started(new Peer(Files.Path, Files["tools/message-router"], ["run", "node.conf"]));

        Assert.Equal(0, await node.Exits());
        Assert.Equal(["""{"n":3}"""], node.Output.Lines);
        await Encrypts(Files["tools/message-router"]);
        Assert.NotEmpty(Directory.GetDirectories(Files["tools/.store"], "messagerouter.cli.linux-x64", SearchOption.AllDirectories));
        Assert.Equal(["linux-x64", "any"], settings.Descendants("RuntimeIdentifierPackage").Select(each => each.Attribute("RuntimeIdentifier")!.Value));
    }

    [SkippableFact]
    public async Task The_tools_packages_say_what_they_are()
    {
        var packages = Directory.GetFiles(await PublishedCommand.ArtifactsAsync(), "*.nupkg");

        Assert.Equal(3, packages.Length);
        foreach (var file in packages)
        {
            using var package = ZipFile.OpenRead(file);
            using var reader = new StreamReader(package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
            var nuspec = await reader.ReadToEndAsync();
            foreach (var element in (string[])["<description>", "<tags>", "<license type=\"expression\">Apache-2.0</license>", "<readme>README.md</readme>", "<icon>icon.png</icon>"])
                Assert.Contains(element, nuspec, StringComparison.Ordinal);
            Assert.NotNull(package.GetEntry("README.md"));
            Assert.NotNull(package.GetEntry("icon.png"));
        }
    }

    [SkippableFact]
    public async Task The_debian_package_is_installed_runs_and_leaves_nothing()
    {
        var package = Directory.GetFiles(await PublishedCommand.ArtifactsAsync(), "message-router_*_amd64.deb").Single();
        Skip.IfNot(Environment.IsPrivilegedProcess, "Only root may install.");
        Files.Write("node.conf", Node);
        Directory.CreateDirectory(Files["system/var/lib/dpkg/info"]);
        Directory.CreateDirectory(Files["system/var/lib/dpkg/updates"]);
        Files.Write("system/var/lib/dpkg/status", "");

        await Dpkg("--install", package);
        var node = Bare(Files["system/usr/bin/message-router"], "run", "node.conf");
        Assert.Equal(0, await node.Exits());
        Assert.Equal(["""{"n":3}"""], node.Output.Lines);
        await Encrypts(Files["system/usr/bin/message-router"]);
        await HasItsManualAndCompletions("system/usr/share");
        Assert.True(File.Exists(Files["system/usr/lib/systemd/system/message-router@.service"]));
        await Dpkg("--purge", "message-router");

        Assert.DoesNotContain(Directory.GetFiles(Files["system"], "*", SearchOption.AllDirectories), file => !file.Contains("/var/lib/dpkg/", StringComparison.Ordinal));

        // Into a system of its own, which has neither the libraries that this one has nor a shell for the package's scripts.
        Task Dpkg(params string[] arguments) => Succeeds("dpkg", [$"--root={Files["system"]}", "--force-depends", "--force-script-chrootless", "--log=/dev/null", .. arguments]);
    }

    [SkippableFact]
    public async Task The_containers_image_runs_a_node_as_a_user_without_rights()
    {
        var archive = Directory.GetFiles(await PublishedCommand.ArtifactsAsync(), "message-router-linux-x64.tar").Single();
        await UnpackAsync(archive, "image");
        var manifest = Parse("image/manifest.json")[0];
        var image = Parse($"image/{manifest.GetProperty("Config")}");
        var config = image.GetProperty("config");

        Assert.Equal(("1654:1654", "/app/message-router"), (config.GetProperty("User").GetString(), config.GetProperty("Entrypoint")[0].GetString()));
        Assert.Equal(["run", "/etc/message-router/node.conf"], config.GetProperty("Cmd").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(("linux", "amd64"), (image.GetProperty("os").GetString(), image.GetProperty("architecture").GetString()));
        Assert.Contains("message-router:latest", manifest.GetProperty("RepoTags").EnumerateArray().Select(tag => tag.GetString()));

        Skip.IfNot(Environment.IsPrivilegedProcess, "Only root may make a container.");
        foreach (var layer in manifest.GetProperty("Layers").EnumerateArray()) await UnpackAsync(Files[$"image/{layer}"], "root");
        Assert.True(File.Exists(Files["root/app/libsodium.so"]));
        Files.Write("root/etc/message-router/node.conf", Node);
        var node = Contained([.. config.GetProperty("Cmd").EnumerateArray().Select(word => word.GetString()!)]);

        Assert.Equal(0, await node.Exits());
        Assert.Equal(["""{"n":3}"""], node.Output.Lines);
        Assert.Contains("balanced", node.Errors.Lines);

        // As its orchestrator asks, in the same container.
        Files.Write("root/etc/message-router/node.conf", "router { inputs.in { type = generator, to = out }, outputs.out { type = null } }");
        var another = Contained("run", "/etc/message-router/node.conf");
        await another.Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");
        var health = Contained("health");
        Assert.Equal(0, await health.Exits());
        Assert.Equal("healthy", health.Output.Lines[0]);
        another.Send(Signal.Terminate);
        Assert.Equal(0, await another.Exits());
        Assert.Equal(69, await Contained("health").Exits());

        Peer Contained(params string[] arguments) => Started(new Peer(Files["root"], "unshare",
            ["--mount", "sh", "-c", $"mount --bind /proc proc && mount --bind /dev dev && exec chroot --userspec={config.GetProperty("User")} . {config.GetProperty("Entrypoint")[0]} {string.Join(' ', arguments)}"]));
    }

    /// <summary>Runs a program that finds no .NET.</summary>
    private Peer Bare(string program, params string[] arguments) =>
        Started(new Peer(Files.Path, "env", ["--ignore-environment", "PATH=/nowhere", program, .. arguments]));

    /// <summary>Has it make keys, and send itself something with them by libsodium of its own.</summary>
    private async Task Encrypts(string command)
    {
        Files.Write("curve.conf", Encrypted.Replace("PLACE", Guid.NewGuid().ToString("N"), StringComparison.Ordinal));
        await Succeeds(command, "keys", "new", "node", "--directory", "keys");
        var node = Started(new Peer(Files.Path, command, ["run", "curve.conf"]));

        await node.Prints(line => line.StartsWith("{\"n\":", StringComparison.Ordinal), 3, "what was encrypted");

        // The system's has a version behind its name.
        Assert.True(node.HasLoaded("/libsodium.so") && !node.HasLoaded("/libsodium.so."), "It is another libsodium.");
        node.Send(Signal.Terminate);
        Assert.Equal(0, await node.Exits());
    }

    private async Task Succeeds(string program, params string[] arguments)
    {
        var run = Started(new Peer(Files.Path, program, arguments));
        Assert.True(await run.Exits() == 0, run.Describe());
    }

    private async Task HasItsManualAndCompletions(string share)
    {
        await using var packed = File.OpenRead(Files[$"{share}/man/man1/message-router.1.gz"]);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.StartsWith(".TH MESSAGE\\-ROUTER 1 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        foreach (var script in (string[])["bash-completion/completions/message-router", "zsh/vendor-completions/_message-router", "fish/vendor_completions.d/message-router.fish"])
            Assert.Contains(" complete -- ", File.ReadAllText(Files[$"{share}/{script}"]), StringComparison.Ordinal);
    }

    private async Task UnpackAsync(string archive, string folder)
    {
        Directory.CreateDirectory(Files[folder]);
        await Succeeds("tar", "-xf", archive, "-C", Files[folder]);
    }

    private JsonElement Parse(string file) => JsonDocument.Parse(File.ReadAllText(Files[file])).RootElement;
}
