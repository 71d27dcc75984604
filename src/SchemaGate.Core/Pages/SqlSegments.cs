using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Pages;

/// <summary>A piece of a migration's text and what is to be said beside it.</summary>
/// <param name="Text">As it stands in the file; all segments together are the file.</param>
/// <param name="Line">Of its first character, from 1.</param>
internal sealed record SqlSegment(string Text, int Line, IReadOnlyList<RiskFinding> Findings, IReadOnlyList<LockHazard> Locks);

/// <summary>Cuts a migration's text where something is to be said of a statement.</summary>
internal static class SqlSegments
{
    public static IReadOnlyList<SqlSegment> Of(string sql, MigrationRisk? risk)
    {
        if (sql.Length == 0)
        {
            return [];
        }

        List<SqlSegment> segments = [];
        int line = 1;
        int done = 0;
        foreach ((int start, int end) in Places(sql, risk))
        {
            Add(done, start);
            Add(start, end);
            done = end;
        }

        Add(done, sql.Length);
        return segments;

        void Add(int from, int to)
        {
            if (from < to)
            {
                string text = sql[from..to];
                segments.Add(new(
                    text, line,
                    [.. (risk?.Findings ?? []).Where(finding => IsIn(finding.StatementSpan, from, to))],
                    [.. (risk?.Locks ?? []).Where(hazard => IsIn(hazard.Span, from, to))]));
                line += text.AsSpan().Count('\n');
            }
        }

        // What is about no place in the text stands beside its beginning.
        bool IsIn(TextSpan span, int from, int to) =>
            Math.Clamp(span.Offset, 0, sql.Length - 1) is var at && at >= from && at < to;
    }

    /// <summary>The statements of which something is said, in order and apart from each other, with the lines that they stand on.</summary>
    private static IEnumerable<(int Start, int End)> Places(string sql, MigrationRisk? risk)
    {
        IEnumerable<TextSpan> spans = (risk?.Findings ?? []).Select(finding => finding.StatementSpan)
            .Concat((risk?.Locks ?? []).Select(hazard => hazard.Span));
        int last = 0;
        (int Start, int End)? open = null;
        foreach (TextSpan span in spans.Where(span => span.Length > 0 && span.Offset >= 0 && span.Offset < sql.Length)
            .OrderBy(span => span.Offset).ThenByDescending(span => span.Length))
        {
            if (open is { } place && span.Offset < place.End)
            {
                open = (place.Start, Math.Max(place.End, EndOf(sql, span)));
                continue;
            }

            if (open is { } whole)
            {
                yield return whole;
                last = whole.End;
            }

            open = (Math.Max(last, StartOf(sql, span.Offset)), EndOf(sql, span));
        }

        if (open is { } remaining)
        {
            yield return remaining;
        }
    }

    /// <summary>
    /// Where the statement begins, with the comment above it, as far as a semicolon tells: a lock may be about one action of it. Where the
    /// semicolon is one of a literal the cut is in an odd place, and no character is lost.
    /// </summary>
    private static int StartOf(string sql, int offset)
    {
        int start = offset == 0 ? 0 : sql.LastIndexOf(';', offset - 1) + 1;
        // What follows on the line of the statement before is that one's.
        if (start > 0 && sql.AsSpan(start, offset - start).TrimStart(" \t").StartsWith("--", StringComparison.Ordinal))
        {
            start = sql.IndexOf('\n', start, offset - start) is var end and >= 0 ? end + 1 : start;
        }

        int first = start;
        while (first < offset && char.IsWhiteSpace(sql[first]))
        {
            first++;
        }

        return Math.Max(start, sql.LastIndexOf('\n', Math.Max(first - 1, 0)) + 1);
    }

    /// <summary>Behind the semicolon, and behind the line where nothing else follows on it.</summary>
    private static int EndOf(string sql, TextSpan span)
    {
        int end = Math.Min(span.Offset + span.Length, sql.Length);
        int semicolon = end;
        while (semicolon < sql.Length && char.IsWhiteSpace(sql[semicolon]))
        {
            semicolon++;
        }

        end = semicolon < sql.Length && sql[semicolon] == ';' ? semicolon + 1 : end;
        int next = sql.IndexOf('\n', end) is var found and >= 0 ? found + 1 : sql.Length;
        return sql.AsSpan(end, next - end).IsWhiteSpace() ? next : end;
    }
}
