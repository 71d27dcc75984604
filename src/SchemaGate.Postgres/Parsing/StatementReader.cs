using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing.Trees;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Reads a migration with PostgreSQL's own parser, as facts about its statements. Whatever the text is, the answer is bounded and the
/// process lives on: what cannot be read is an <see cref="UnreadStatement"/>.
/// </summary>
public static class StatementReader
{
    private const int LongestMessage = 200;
    private static readonly Lazy<int> s_version = new(static () => SqlScript.WithLibrary(
        static () => Tree(new TextPositions(""), out _)!.RootElement.GetProperty("version").GetInt32() / 10_000));

    /// <summary>The parser's PostgreSQL major version. What a newer one would read may be unread here.</summary>
    /// <exception cref="DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public static int ParserVersion => s_version.Value;

    /// <summary>The statements of a script in order.</summary>
    /// <exception cref="DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public static ParsedScript Read(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        int version = ParserVersion;
        string? refusal = sql switch
        {
            _ when sql.Contains('\0', StringComparison.Ordinal) =>
                "The file has a zero byte, which PostgreSQL cannot take. It may be saved as UTF-16: save it as UTF-8.",
            _ when Encoding.UTF8.GetByteCount(sql) > ParserLimits.MostScriptBytes =>
                $"The file is larger than {ParserLimits.MostScriptBytes >> 20} MiB and is not judged.",
            _ => null,
        };
        if (refusal is not null)
        {
            return new ParsedScript([new UnreadStatement(refusal) { Span = new TextSpan(0, 0, 1, 1) }], version);
        }

        // A byte order mark would be part of the first word.
        TextPositions text = new(sql.StartsWith('\uFEFF') ? $" {sql[1..]}" : sql);
        return new ParsedScript(Whole(text) ?? [.. Pieces(text)], version);
    }

    /// <summary>All at once, which is the fast way; null where the script is too long for that, or a part of it does not parse.</summary>
    private static List<Statement>? Whole(TextPositions text) =>
        ParserLimits.Fits(text.Utf8) ? Parsed(text, out _) : null;

    /// <summary>Statement by statement, so that one which cannot be read leaves the others their facts.</summary>
    private static IEnumerable<Statement> Pieces(TextPositions script)
    {
        int count = 0;
        foreach (SqlStatement piece in SqlScript.SplitLazily(script.Part.Text))
        {
            TextPositions text = script.PartOf(piece.Text, piece.Offset);
            if (++count > ParserLimits.MostStatements)
            {
                yield return new UnreadStatement(
                    $"The file has more than {ParserLimits.MostStatements} statements; from here on they are not judged.")
                {
                    Span = Span(text),
                };
                yield break;
            }

            foreach (Statement statement in Piece(text))
            {
                yield return statement;
            }
        }
    }

    private static List<Statement> Piece(TextPositions text)
    {
        if (!ParserLimits.Fits(text.Utf8))
        {
            return [new UnreadStatement(
                $"The statement is longer than {ParserLimits.MostParsedBytes >> 10} KiB, or has more than {ParserLimits.MostPieces} "
                + "words and signs, and is not judged.")
            {
                Span = Span(text),
            }];
        }

        return Parsed(text, out string? error)
            ?? [new UnreadStatement(error!) { Span = Span(text) }];
    }

    private static List<Statement>? Parsed(TextPositions text, out string? error)
    {
        using JsonDocument? tree = Tree(text, out error);
        return tree is null ? null : [.. new Node(tree.RootElement, text).Items("stmts").Select(statement => Stamped(statement, text))];
    }

    private static JsonDocument? Tree(TextPositions text, out string? error)
    {
        (byte[]? json, error) = ParserLimits.Run(text.Utf8.Length, () => (LibPgQuery.Parse(text.Utf8, out string? message), message));
        if (json is null)
        {
            string? newer = NewerSyntax.In(text.Part.Text, ParserVersion);
            error = $"The parser of PostgreSQL {ParserVersion} cannot read this statement: {newer ?? Shortened(error!)}.";
            return null;
        }

        try
        {
            // An identifier that was cut off in the middle of a character, for one, leaves invalid text.
            byte[] valid = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
            return JsonDocument.Parse(valid, new JsonDocumentOptions { MaxDepth = ParserLimits.MostDepth });
        }
        catch (JsonException)
        {
            error = $"The statement nests deeper than {ParserLimits.MostDepth} levels and is not judged.";
            return null;
        }
    }

    private static Statement Stamped(Node node, TextPositions text)
    {
        int start = node.Number("stmt_location");
        int length = node.Number("stmt_len");
        TextSpan span = Trimmed(text, text.Character(start), text.Character(length > 0 ? start + length : text.Utf8.Length - 1));
        ReadOnlySpan<char> words = text.Part.Text.AsSpan(span.Offset - text.Part.Start, span.Length);
        Statement statement =
            StatementTree.Placed(StatementTree.Read(node["stmt"]), span) with { LongIdentifiers = SqlTokens.LongIdentifiers(words) };
        return statement is AlterTable alter ? alter with { Actions = ActionSpans.Stamp(alter.Actions, words, span, text) } : statement;
    }

    private static TextSpan Span(TextPositions text) => text.SpanOf(text.Part.Start, text.Part.Start + text.Part.Text.Length);

    private static TextSpan Trimmed(TextPositions text, int start, int end)
    {
        (string part, int origin) = text.Part;
        int first = Math.Min(end, origin + SqlLexer.SkipTrivia(part, start - origin));
        return text.SpanOf(first, first + part.AsSpan(first - origin, end - first).TrimEnd().Length);
    }

    private static string Shortened(string message) => message.Length <= LongestMessage ? message : $"{message.AsSpan(0, LongestMessage)}…";
}
