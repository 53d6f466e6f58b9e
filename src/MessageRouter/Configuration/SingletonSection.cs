using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;

namespace MessageRouter.Configuration;

/// <summary>The keys that have an input read on one node of the cluster at a time.</summary>
internal sealed record SingletonSection : IValidatableObject
{
    [Description("Whether it reads on one node of the cluster at a time, of all that have an input of this name; where that node goes, another one goes on.")]
    public bool Singleton { get; init; }

    [Description("singleton = true: the role that a node must have for the input to read there; by default any.")]
    public string Role { get; init; } = "";

    public SingletonOptions? ToOptions() => Singleton ? new SingletonOptions { Role = Role } : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Role.Length > 0 && !Singleton) yield return new ValidationResult("works only with singleton = true; remove it, or write singleton = true", [nameof(Role)]);
    }
}
