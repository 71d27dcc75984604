namespace SchemaGate.Core.Gates;

/// <summary>What one revision needs of one gate.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Value">An image reference or a migration's name; null where the template names the gate only.</param>
public sealed record Requirement(string Gate, string? Value)
{
    private const int MaxLength = 4096;

    /// <summary>
    /// Whether the value is an image rather than a migration's name: a migration is the name of a directory, in which an image's
    /// <c>/</c>, <c>:</c> or <c>@</c> does not stand.
    /// </summary>
    public bool IsImage => Value is not null && Value.AsSpan().IndexOfAny("/:@") >= 0;

    /// <summary>Reads the annotation <c>gate=requirement[,gate=requirement…]</c>.</summary>
    /// <param name="annotation">The annotation's value, or null where there is none.</param>
    /// <param name="problem">What is wrong, in a sentence; null when the list is sound.</param>
    public static IReadOnlyList<Requirement> Parse(string? annotation, out string? problem)
    {
        if (string.IsNullOrWhiteSpace(annotation))
        {
            problem = $"the pod template has no annotation {Names.Requires}; write {Names.Requires}: <gate>=<image or migration>";
            return [];
        }

        if (annotation.Length > MaxLength)
        {
            problem = $"the annotation {Names.Requires} is longer than {MaxLength} characters";
            return [];
        }

        List<Requirement> requirements = [];
        foreach (string part in annotation.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Read(part) is not { } requirement)
            {
                problem = $"'{part}' in the annotation {Names.Requires} is not <gate>=<image or migration>";
                return [];
            }

            if (requirements.Exists(other => other.Gate == requirement.Gate))
            {
                problem = $"the annotation {Names.Requires} names the gate '{requirement.Gate}' twice";
                return [];
            }

            requirements.Add(requirement);
        }

        problem = null;
        return requirements;
    }

    public override string ToString() => Value is null ? Gate : $"{Gate}={Value}";

    private static Requirement? Read(string part)
    {
        int separator = part.IndexOf('=', StringComparison.Ordinal);
        string gate = separator < 0 ? part : part[..separator].TrimEnd();
        string? value = separator < 0 ? null : part[(separator + 1)..].TrimStart();
        bool valid = IsName(gate) && (value is null || (value.Length > 0 && !value.Any(char.IsWhiteSpace)));
        return valid ? new(gate, value) : null;
    }

    /// <summary>A DNS subdomain, as Kubernetes asks of a resource's name (RFC 1123).</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 253
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1]);
}
