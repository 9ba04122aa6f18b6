using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

public static class OptionsExtensions
{
    /// <summary>
    /// Binds a section once and validates it at start: every wrong value of every class is named, with its key and what is allowed, before the service accepts a call.
    /// A key that no option has is an error too.
    /// </summary>
    public static OptionsBuilder<T> AddMeshOptions<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(new Validator<T>(section));
        return services.AddOptions<T>().BindConfiguration(section, o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
    }

    private sealed class Validator<T>(string section) : IValidateOptions<T> where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var errors = new List<string>();
            Collect(options, section, errors);
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void Collect(object options, string path, List<string> errors)
        {
            foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetIndexParameters().Length > 0) continue;
                var key = $"{path}:{property.Name}";
                var value = property.GetValue(options);
                foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
                    if (attribute.GetValidationResult(value, new ValidationContext(options) { MemberName = property.Name, DisplayName = key }) is { } result)
                        errors.Add(result.ErrorMessage ?? $"{key} is not valid");
                if (value is System.Collections.IEnumerable items and not string)
                {
                    var index = 0;
                    foreach (var item in items)
                        if (IsNested(item)) Collect(item!, $"{key}:{index++}", errors);
                }
                else if (IsNested(value)) Collect(value!, key, errors);
            }
            if (options is IValidatableObject validatable)
                errors.AddRange(validatable.Validate(new ValidationContext(options) { DisplayName = path }).Select(r => $"{path}: {r.ErrorMessage}"));
        }

        private static bool IsNested(object? value) => value is not null && value.GetType() is { IsClass: true } type && type.Assembly.GetName().Name!.StartsWith("Mesh.", StringComparison.Ordinal);
    }
}
