using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Finds the actions of an ALTER TABLE in its text, which the tree does not: after the table's name, at the commas outside of brackets.
/// </summary>
internal static class ActionSpans
{
    /// <summary>The actions with their spans; with the whole statement's where their number is not that of the places found.</summary>
    public static ValueList<TableAction> Stamp(
        ValueList<TableAction> actions, ReadOnlySpan<char> statement, TextSpan span, TextPositions text)
    {
        List<Range> places = Places(statement);
        List<TableAction> stamped = [];
        for (int index = 0; index < actions.Count; index++)
        {
            TextSpan own = places.Count == actions.Count
                ? text.SpanOf(span.Offset + places[index].Start.Value, span.Offset + places[index].End.Value)
                : span;
            stamped.Add(actions[index] with { Span = own });
        }

        return [.. stamped];
    }

    private static List<Range> Places(ReadOnlySpan<char> statement)
    {
        SqlTokens tokens = new(statement);
        if (!SkipName(ref tokens))
        {
            return [];
        }

        List<Range> places = [];
        (int depth, int start, int end) = (0, tokens.Start, tokens.End);
        do
        {
            char first = tokens.Token[0];
            depth += first switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth == 0 && first == ',')
            {
                places.Add(start..end);
                start = -1;
            }
            else
            {
                start = start < 0 ? tokens.Start : start;
                end = tokens.End;
            }
        }
        while (tokens.Next());

        places.Add(Math.Max(start, 0)..end);
        return places;
    }

    /// <summary>Passes over ALTER TABLE IF EXISTS ONLY a.b *, so that the current token is the first action's.</summary>
    private static bool SkipName(ref SqlTokens tokens)
    {
        while (tokens.Next() && IsOneOf(
            tokens.Token, ["ALTER", "FOREIGN", "MATERIALIZED", "TABLE", "VIEW", "INDEX", "SEQUENCE", "TYPE", "IF", "EXISTS", "ONLY"]))
        {
        }

        if (!tokens.IsIdentifier)
        {
            return false;
        }

        bool more = tokens.Next();
        while (more && tokens.Token is ".")
        {
            more = tokens.Next() && tokens.Next();
        }

        return more && (tokens.Token is not "*" || tokens.Next());
    }

    private static bool IsOneOf(ReadOnlySpan<char> token, string[] words)
    {
        foreach (string word in words)
        {
            if (token.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
