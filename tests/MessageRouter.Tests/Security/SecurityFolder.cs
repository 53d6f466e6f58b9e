using System.Text;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Components;
using MessageRouter.Curve;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Security;

/// <summary>A folder with a node's keys, those of clients, and a node's configuration beside them.</summary>
internal sealed class SecurityFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public SecurityFolder(params string[] clients)
    {
        Directory.CreateDirectory(_folder["clients"]);
        Node = New("node.key");
        Clients = clients.ToDictionary(name => name, name => New($"clients/{name}.key"));
    }

    public string Path => _folder.Path;

    public CurveKeys Node { get; }

    public IReadOnlyDictionary<string, CurveKeys> Clients { get; }

    public string this[string name] => _folder[name];

    /// <summary>Makes a pair, and writes its files.</summary>
    public CurveKeys New(string file)
    {
        var keys = CurveKeys.Generate();
        keys.Save(_folder[file]);
        return keys;
    }

    /// <summary>Puts a public certificate back.</summary>
    public void Allow(string name) => File.WriteAllText(_folder[$"clients/{name}.key"], $"curve\n    public-key = \"{Clients[name].PublicKey}\"\n");

    /// <summary>Writes a file with users.</summary>
    public void Users(string file, params (string Name, string Password)[] users)
    {
        File.WriteAllLines(_folder[file], users.Select(user => $"{user.Name}:{PasswordHash.Of(Encoding.UTF8.GetBytes(user.Password), 1000)}"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder[file], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void TakeOff(string name) => File.Delete(_folder[$"clients/{name}.key"]);

    public NodeDefinition Read(string text) => Read(text, out _);

    public NodeDefinition Read(string text, out IReadOnlyList<Diagnostic> warnings)
    {
        File.WriteAllText(_folder["node.conf"], text);
        return NodeReader.Read(HoconReader.ReadFiles([_folder["node.conf"]]), BuiltIns.Registry(), out warnings, typeof(SecurityFolder).Assembly);
    }

    /// <summary>A node with one component, and what security is said of in general.</summary>
    public static string Node1(string component, string security = "identities { node { file = node.key_secret } }, peers { office { directory = clients } }") =>
        $$"""
        router {
          security { {{security}} }
          inputs { bus { {{component}}, to = sink } }
          outputs { sink { type = test } }
        }
        """;

    public void Dispose()
    {
        Node.Dispose();
        foreach (var keys in Clients.Values) keys.Dispose();
        _folder.Dispose();
    }
}
