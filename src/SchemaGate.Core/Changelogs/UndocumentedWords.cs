namespace SchemaGate.Core.Changelogs;

/// <summary>One sentence for several migrations that lack their entry in the same way.</summary>
public static class UndocumentedWords
{
    private const int Shown = 5;

    /// <param name="names">At least two.</param>
    /// <param name="severity">That of information is of what is applied.</param>
    public static string Of(IReadOnlyList<string> names, FindingSeverity severity)
    {
        string more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        string which = string.Join(", ", names.Take(Shown).Select(name => $"'{name}'")) + more;
        return severity == FindingSeverity.Information
            ? $"{names.Count} migrations are applied and have no entry: {which}."
            : $"{names.Count} migrations have no entry: {which}. Document them in the Migrated section.";
    }
}
