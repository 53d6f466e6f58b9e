using System.CommandLine;
using System.Security.Cryptography;
using MessageRouter.Cli.Controlling;
using MessageRouter.Control.Serving;
using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Cli.Keys;

/// <summary><c>message-router keys</c>: makes the keys and passwords by which peers prove who they are, shows them and checks their files. Secret ones are never shown.</summary>
internal static class KeysCommand
{
    public static Command Create(Surroundings surroundings) => new("keys", "Makes, shows and checks the keys and passwords of peers.")
    {
        New(surroundings), Show(surroundings), Fingerprint(surroundings), Check(surroundings), Password(surroundings),
    };

    private static Command New(Surroundings surroundings)
    {
        var command = new Command("new", "Makes a pair of keys: NAME.key, which others may have, and NAME.key_secret, which only its owner can read. Nothing is overwritten.");
        var name = new Argument<string>("NAME") { Description = "Whose keys they are, such as node or alice: the name by which the key is known where it is allowed." };
        var directory = new Option<string>("--directory", "-d") { HelpName = "DIR", Description = "Where to write them; made where it is not there. By default here.", DefaultValueFactory = _ => "" };
        command.Add(name);
        command.Add(directory);
        var format = ControlCommands.Format(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } text && (text.Length == 0 || text[0] is '.' or '-' || text.Any(character => char.IsControl(character) || character is '/' or '\\' or '"' or '\'')))
                result.AddError($"`{text}` cannot be a name of keys; it is part of a file's name, and `--directory` says where");
        });
        command.SetAction(parsed => Run(() =>
        {
            using var keys = CurveKeys.Generate();
            var folder = parsed.GetValue(directory)!;
            if (folder.Length > 0) Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"{parsed.GetValue(name)}.key");
            keys.Save(path, new Dictionary<string, string> { ["name"] = parsed.GetValue(name)! });
            var written = new { Name = parsed.GetValue(name), keys.PublicKey, Fingerprint = CurveKeys.Fingerprint(keys.PublicKey), Public = path, Secret = path + KeyFile.SecretSuffix };
            if (parsed.GetValue(format) == "json") surroundings.Output.WriteLine(ControlJson.Write(written));
            else surroundings.Output.WriteLine($"{written.PublicKey} {written.Name}\n\n{path} is for those who are to know this key, {path}{KeyFile.SecretSuffix} for nobody but its owner.");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Show(Surroundings surroundings)
    {
        var command = new Command("show", "Prints the public key of a file and its owner's name, as a line of a list of those who may connect.");
        var file = FileArgument(command);
        var format = ControlCommands.Format(command);
        command.SetAction(parsed => Run(() =>
        {
            var path = parsed.GetValue(file)!;
            using var keys = KeyFile.Any(path);
            var (publicKey, name) = (Z85.Encode(keys.PublicKey), keys.NameIn(path));
            if (parsed.GetValue(format) == "json") surroundings.Output.WriteLine(ControlJson.Write(new { PublicKey = publicKey, Name = name, Fingerprint = CurveKeys.Fingerprint(publicKey), keys.Metadata, HasSecret = keys.SecretKey is not null }));
            else surroundings.Output.WriteLine($"{publicKey} {name}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Fingerprint(Surroundings surroundings)
    {
        var command = new Command("fingerprint", "Prints what two people compare by telephone to know that they have the same public key.");
        var file = FileArgument(command);
        command.SetAction(parsed => Run(() =>
        {
            surroundings.Output.WriteLine(CurveKeys.Fingerprint(CurveKeys.LoadPublicKey(parsed.GetValue(file)!)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Check(Surroundings surroundings)
    {
        var command = new Command("check", "Checks files as a node would: keys, lists of those who may connect, folders of public certificates, and users; ends with 1 where one is wrong.");
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "Files, or folders of public certificates." };
        command.Add(files);
        command.SetAction(parsed =>
        {
            var isWrong = false;
            foreach (var path in parsed.GetValue(files)!)
            {
                try
                {
                    surroundings.Output.WriteLine($"{path}: {KeyCheck.Of(path)}");
                }
                catch (SecurityFileException exception)
                {
                    surroundings.Error.WriteLine($"error: {exception.Problem}\n  = {exception.Cure}");
                    isWrong = true;
                }
            }
            return isWrong ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static Command Password(Surroundings surroundings)
    {
        var command = new Command("password", "Makes a line of a users file from a password, which is read from the standard input.");
        var user = new Argument<string>("USER") { Description = "Whose password it is." };
        command.Add(user);
        command.Validators.Add(result =>
        {
            if (result.GetValue(user) is { } text && (text.Length == 0 || text[0] == '#' || text.Trim() != text || text.Any(char.IsControl) || text.Contains(":$", StringComparison.Ordinal)))
                result.AddError($"`{text}` cannot be a user");
        });
        command.SetAction(parsed =>
        {
            var password = PasswordInput.Read(surroundings);
            try
            {
                surroundings.Output.WriteLine($"{parsed.GetValue(user)}:{PasswordHash.Of(password)}");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(password);
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> FileArgument(Command command)
    {
        var file = new Argument<string>("FILE") { Description = "A certificate, public or secret; nothing that is secret is shown." };
        command.Add(file);
        return file;
    }

    private static int Run(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (SecurityFileException exception)
        {
            throw new CommandException(ExitCode.Unavailable, $"error: {exception.Problem}\n  = {exception.Cure}") { IsReport = true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Unavailable(exception.Message);
        }
    }
}
