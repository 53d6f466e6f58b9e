using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace MessageRouter.Configuration.Binding;

/// <summary>Runs the checks that options bring: the attributes of their properties and constructor parameters, and their own.</summary>
internal static class OptionsValidation
{
    /// <param name="options">The options.</param>
    /// <param name="arguments">What their constructor was given, where a parameter has no property to read it from.</param>
    /// <returns>Everything that is wrong with them.</returns>
    public static IReadOnlyList<ValidationResult> Problems(object options, IReadOnlyDictionary<OptionKey, object?> arguments)
    {
        var context = new ValidationContext(options);
        var results = new List<ValidationResult>();
        var propertiesAreValid = Validator.TryValidateObject(options, context, results, validateAllProperties: true);
        CheckParameters(options, arguments, results);
        if (propertiesAreValid || options is not IValidatableObject validatable) return results;

        // The validator asks the object itself only when no property is at fault.
        var known = results.Select(Identity).ToHashSet();
        results.AddRange(validatable.Validate(context).Where(result => !known.Contains(Identity(result))));
        return results;
    }

    /// <summary>The validator looks at properties only, and an attribute in a record's list of parameters is the parameter's.</summary>
    private static void CheckParameters(object options, IReadOnlyDictionary<OptionKey, object?> arguments, List<ValidationResult> results)
    {
        foreach (var key in OptionsSchema.Of(options.GetType()).Keys)
        {
            if (key.Parameter is not { } parameter) continue;
            var checks = parameter.GetCustomAttributes<ValidationAttribute>(inherit: true).ToList();
            if (checks.Count == 0) continue;
            if (options.GetType().GetProperty(parameter.Name!) is { CanRead: true } property) Check(property.GetValue(options));
            else if (arguments.TryGetValue(key, out var argument)) Check(argument);

            void Check(object? value) => Validator.TryValidateValue(
                value!, new ValidationContext(options) { MemberName = parameter.Name, DisplayName = parameter.Name! }, results, checks);
        }
    }

    private static (string? Message, string? Member) Identity(ValidationResult result) => (result.ErrorMessage, result.MemberNames.FirstOrDefault());
}
