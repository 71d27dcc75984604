using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What CREATE SEQUENCE says of a sequence; all of it, so that what has its default gets it back.</summary>
internal static class SequenceClauses
{
    /// <summary>Each clause, those that the catalog leaves out with their defaults; the type's own limits stay unsaid.</summary>
    public static IReadOnlyList<string> All(string? options)
    {
        string text = options ?? "";
        string increment = Value(text, "INCREMENT BY") ?? "1";
        string? least = Value(text, "MINVALUE"), most = Value(text, "MAXVALUE");
        string first = increment.StartsWith('-') ? most ?? "-1" : least ?? "1";
        return
        [
            $"INCREMENT BY {increment}", least is null ? "NO MINVALUE" : $"MINVALUE {least}",
            most is null ? "NO MAXVALUE" : $"MAXVALUE {most}", $"START WITH {Value(text, "START WITH") ?? first}",
            $"CACHE {Value(text, "CACHE") ?? "1"}", text.EndsWith("CYCLE", StringComparison.Ordinal) ? "CYCLE" : "NO CYCLE",
        ];
    }

    /// <summary>A value that is outside of new limits comes within: ALTER SEQUENCE refuses it. Any other one stays as it is.</summary>
    public static IEnumerable<string> Within(CatalogObject from, CatalogObject to)
    {
        string now = to[CatalogFact.SequenceOptions] ?? "", old = from[CatalogFact.SequenceOptions] ?? "";
        string? least = Value(now, "MINVALUE"), most = Value(now, "MAXVALUE");
        string value = "last_value";
        value = least is null || least == Value(old, "MINVALUE") ? value : $"greatest({value}, {least})";
        value = most is null || most == Value(old, "MAXVALUE") ? value : $"least({value}, {most})";
        string name = SqlNames.Of(to.Name);
        return value == "last_value" ? [] : [$"SELECT pg_catalog.setval({Sql.Literal(name)}, {value}, is_called) FROM {name};"];
    }

    /// <summary>What stands behind these words, of those that <see cref="CatalogFact.SequenceOptions"/> is made of.</summary>
    private static string? Value(string text, string words)
    {
        int at = text.IndexOf($"{words} ", StringComparison.Ordinal);
        return at < 0 ? null : text[(at + words.Length + 1)..].Split(' ')[0];
    }
}
