using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SchemaGate.Core.Proofs;

/// <summary>Reads statements that somebody has exported.</summary>
public static class ShapeFiles
{
    private const int MostDepth = 8;

    /// <summary>
    /// The statements of a JSON array or of JSON lines (objects with <c>query</c> and perhaps <c>calls</c> and <c>role</c>, or strings), or
    /// of CSV with a header that has <c>query</c>; null where the text is neither, and so SQL.
    /// </summary>
    /// <exception cref="FormatException">It begins as one of them and cannot be read to its end; the message says where.</exception>
    public static IReadOnlyList<StatementShape>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return trimmed switch
        {
            ['[', ..] => [.. Array(trimmed)],
            ['{', ..] => [.. Lines(trimmed)],
            _ when Header(trimmed) is { } header => [.. Csv(trimmed, header)],
            _ => null,
        };
    }

    private static IEnumerable<StatementShape> Array(string json)
    {
        using JsonDocument document = Parse(json, "The file");
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            yield return Shape(element, "The array");
        }
    }

    private static IEnumerable<StatementShape> Lines(string lines)
    {
        int number = 0;
        foreach (string line in lines.Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                using JsonDocument document = Parse(line, $"Line {number}");
                yield return Shape(document.RootElement, $"Line {number}");
            }
        }
    }

    private static JsonDocument Parse(string json, string what)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{what} is no JSON that can be read (at line {exception.LineNumber + 1}, byte "
                + $"{exception.BytePositionInLine})", exception);
        }
    }

    private static StatementShape Shape(JsonElement element, string where)
    {
        JsonElement query = element.ValueKind == JsonValueKind.Object ? Property(element, "query") : element;
        return query.ValueKind != JsonValueKind.String
            ? throw new FormatException($"{where} has something without a query: write {{\"query\": …, \"calls\": …, \"role\": …}}")
            : new(query.GetString()!.Trim().TrimEnd(';'), Calls(Property(element, "calls")), Text(Property(element, "role")));
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    private static long Calls(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out long calls) => calls,
        JsonValueKind.String when Number(value.GetString()!) is var calls => calls,
        _ => 0,
    };

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>The columns, where the first line is a header that has one which is called query.</summary>
    private static List<string>? Header(string text)
    {
        int index = 0;
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        string line = (end < 0 ? text : text[..end]).TrimEnd('\r');
        List<string> header = line.Contains(' ', StringComparison.Ordinal) ? [] : Record(line, ref index);
        return header.Contains("query", StringComparer.OrdinalIgnoreCase) ? header : null;
    }

    private static IEnumerable<StatementShape> Csv(string text, List<string> header)
    {
        int Column(string name) => header.FindIndex(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
        (int query, int calls, int role) = (Column("query"), Column("calls"), Column("role"));
        int index = 0;
        Record(text, ref index);
        while (index < text.Length)
        {
            List<string> fields = Record(text, ref index);
            if (fields.Count > query && fields[query].Length > 0)
            {
                yield return new(
                    fields[query].Trim().TrimEnd(';'),
                    calls >= 0 && calls < fields.Count ? Number(fields[calls]) : 0,
                    role >= 0 && role < fields.Count ? fields[role] : null);
            }
        }
    }

    /// <summary>One record from an index on, which is left behind it (RFC 4180, as COPY writes it).</summary>
    private static List<string> Record(string text, ref int index)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool isQuoted = false;
        for (; index < text.Length; index++)
        {
            char symbol = text[index];
            if (symbol == '"')
            {
                bool isDoubled = isQuoted && index + 1 < text.Length && text[index + 1] == '"';
                field.Append(isDoubled ? "\"" : "");
                index += isDoubled ? 1 : 0;
                isQuoted = isDoubled || !isQuoted;
            }
            else if (isQuoted || symbol is not (',' or '\n' or '\r'))
            {
                field.Append(symbol);
            }
            else if (symbol == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (symbol == '\n')
            {
                index++;
                break;
            }
        }

        if (isQuoted)
        {
            throw new FormatException("The CSV ends inside of quotation marks");
        }

        fields.Add(field.ToString());
        return fields;
    }
}
