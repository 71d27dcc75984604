namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Flyway's versions: numbers between dots or underscores, compared one by one; trailing zeros do not count (MigrationVersion).
/// </summary>
internal static class FlywayVersion
{
    /// <summary>Null for what is no version.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        List<string> parts = [.. text.Split('.', '_')];
        if (parts.Any(part => part.Length == 0 || !part.All(char.IsAsciiDigit)))
        {
            return null;
        }

        parts = parts.ConvertAll(part => part.TrimStart('0'));
        while (parts.Count > 1 && parts[^1].Length == 0)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return parts;
    }

    public static int Compare(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (int index = 0; index < Math.Max(left.Count, right.Count); index++)
        {
            int order = ScriptParts.CompareNumbers(left.ElementAtOrDefault(index) ?? "", right.ElementAtOrDefault(index) ?? "");
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
