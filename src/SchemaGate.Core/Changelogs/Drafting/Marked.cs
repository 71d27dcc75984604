using System.Globalization;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Names, values and counts in Markdown of one line.</summary>
internal static class Marked
{
    /// <summary>Of a list, how many are named.</summary>
    private const int Named = 12;

    /// <summary>A code span, whatever stands in it.</summary>
    public static string Code(string text)
    {
        string line = OneLine(text);
        if (!line.Contains('`', StringComparison.Ordinal))
        {
            return $"`{line}`";
        }

        int longest = line.Split(line.Where(symbol => symbol != '`').Distinct().ToArray()).Max(run => run.Length);
        string fence = new('`', longest + 1);
        return $"{fence} {line} {fence}";
    }

    public static string Name(ObjectName name, KnownSchema schema) =>
        Code(name.Schema is null || name.Schema == schema.SearchSchema ? name.Name : name.ToString());

    public static string List(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        string more = all.Length > Named ? $" and {all.Length - Named} more" : "";
        return $"{string.Join(", ", all.Take(Named).Select(Code))}{more}";
    }

    /// <summary><c>1 column</c>, <c>2 columns</c>, <c>3 indexes</c>.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : Plural(noun))}");

    public static string Plural(string noun) => noun switch
    {
        _ when noun.EndsWith("ex", StringComparison.Ordinal) => $"{noun}es",
        _ when noun.EndsWith("cy", StringComparison.Ordinal) => $"{noun[..^1]}ies",
        "row security" or "NOT NULL" or "primary key" => noun,
        _ => $"{noun}s",
    };

    /// <summary>Words that are no Markdown, whatever stands in them.</summary>
    public static string Plain(string text) => string.Concat(OneLine(text)
        .Select(symbol => symbol is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' ? $"\\{symbol}" : $"{symbol}"));

    /// <summary>A text that is cut nowhere, in one line.</summary>
    public static string Whole(string text) => OneLine(text, text.Length);

    /// <summary>What may have line ends or control characters, as the rest of a line.</summary>
    public static string OneLine(string text) => OneLine(text, 500);

    private static string OneLine(string text, int longest)
    {
        int end = longest > 0 && longest < text.Length && char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        string start = text.Length <= longest ? text : $"{text[..end]}…";
        return string.Concat(start.Select(symbol => char.IsControl(symbol) ? '\uFFFD' : symbol));
    }
}
