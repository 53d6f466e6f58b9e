using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration.Binding;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Security;

/// <summary>PLAIN on the sockets of a component: the block <c>plain</c>.</summary>
internal sealed record PlainOptions : IValidatableObject
{
    [FilePath]
    [Description("Who may connect, which makes the sockets servers: a file with a user a line and his password's hash, as `message-router keys password` makes it.")]
    public string Users { get; init; } = "";

    [Description("Who this side is, which makes the sockets clients.")]
    public string User { get; init; } = "";

    [Description("The password of `user`: best a `secret { file = … }`.")]
    public string Password { get; init; } = "";

    [Description("Decides about each peer in place of `users`: a block with the `class` of an IPeerAuthenticator in a plug-in, and its options.")]
    public JToken? Authenticator { get; init; }

    /// <summary>Whether not everybody may connect.</summary>
    internal bool AsksPeers => Users.Length > 0 || Authenticator is not null;

    /// <summary>Without the password.</summary>
    public override string ToString() => User.Length > 0 ? User : Users;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Users.Length > 0 && Authenticator is not null)
            yield return new ValidationResult("would decide beside `users`, and only one can; leave one of the two", [nameof(Authenticator)]);
        if (Users.Length == 0 && Authenticator is null && User.Length == 0)
            yield return new ValidationResult("says neither who may connect nor who this side is: give `users`, or `user` and `password`", [nameof(Users)]);
        if (User.Length == 0 && Password.Length > 0) yield return new ValidationResult("needs a `user`", [nameof(Password)]);
        foreach (var (text, member) in new[] { (User, nameof(User)), (Password, nameof(Password)) })
        {
            if (System.Text.Encoding.UTF8.GetByteCount(text) > byte.MaxValue) yield return new ValidationResult("must have at most 255 bytes: the protocol has room for no more", [member]);
        }
    }
}
