using System.Runtime.CompilerServices;

namespace Mesh.ServiceDefaults.Errors;

/// <summary>Checks at the edge. Each throws <see cref="InvalidRequestException"/> that names the field and what is allowed.</summary>
public static class Require
{
    /// <summary>Length in UTF-16 code units.</summary>
    public static string Length(string? value, string field, int min, int max)
    {
        var length = value?.Length ?? 0;
        if (length < min) throw new InvalidRequestException(field, min == 1 ? "must not be empty" : $"has {length} characters, at least {min} are needed");
        if (length > max) throw new InvalidRequestException(field, $"has {length} characters, at most {max} are allowed");
        return value ?? "";
    }

    public static T Range<T>(T value, string field, T min, T max) where T : IComparable<T> =>
        value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0
            ? value
            : throw new InvalidRequestException(field, $"is {value}, allowed is {min} to {max}");

    /// <summary>A value of an enumeration that is defined and is not its zero.</summary>
    public static T Defined<T>(T value, string field) where T : struct, Enum =>
        Enum.IsDefined(value) && Unsafe.As<T, int>(ref value) != 0
            ? value
            : throw new InvalidRequestException(field, $"must be one of {string.Join(", ", Enum.GetNames<T>().Skip(1))}");

    public static T Present<T>(T? value, string field) where T : class =>
        value ?? throw new InvalidRequestException(field, "is missing");
}
