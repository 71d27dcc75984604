using System.Text;
using System.Text.Json;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Parsing.Trees;

namespace SchemaGate.Postgres.Proving;

/// <summary>The relations that a statement names.</summary>
internal static class ShapeTables
{
    /// <summary>In the order of their names, without those that its WITH makes; empty where it cannot be parsed here.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text + '\0');
        byte[]? tree = ParserLimits.Fits(utf8) && !text.Contains('\0', StringComparison.Ordinal)
            ? SqlScript.WithLibrary(() => ParserLimits.Run(utf8.Length, () => LibPgQuery.Parse(utf8, out _)))
            : null;
        return tree is null ? [] : Named(tree, new TextPositions(text));
    }

    private static string[] Named(byte[] tree, TextPositions text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(tree, new JsonDocumentOptions { MaxDepth = ParserLimits.MostDepth });
            List<(string Name, Node Node)> nodes = [.. new Node(document.RootElement, text).Descendants()];
            HashSet<string?> made = [.. nodes.Where(node => node.Name == "CommonTableExpr").Select(node => node.Node.Text("ctename"))];
            return [.. nodes
                .Select(node => (Table: node.Node.Text("relname"), Schema: node.Node.Text("schemaname")))
                .Where(table => table.Table is not null && (table.Schema is not null || !made.Contains(table.Table)))
                .Select(table => table.Schema is null ? table.Table! : $"{table.Schema}.{table.Table}")
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
