using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Names in statements: always quoted, so that every name is itself.</summary>
internal static class Sql
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Name(ObjectName name) => name.Schema is null ? Name(name.Name) : $"{Name(name.Schema)}.{Name(name.Name)}";

    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>ALTER TABLE … with one action.</summary>
    public static string Alter(AlterTable alter, string action) => $"ALTER {Word(alter.Kind)} {Name(alter.Table)} {action};";

    /// <summary>A kind of object as CREATE, ALTER and DROP name it.</summary>
    public static string Word(ObjectKind kind) => string.Concat(kind.ToString()
        .Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"))
        .Replace("STATISTICS OBJECT", "STATISTICS", StringComparison.Ordinal)
        .Replace("FOREIGN SERVER", "SERVER", StringComparison.Ordinal);
}
