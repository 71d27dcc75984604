using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;

namespace SchemaGate.Core.Pages;

/// <summary>A migration's SQL, folded, with what each statement locks and what is found in it beside it.</summary>
internal static class SqlView
{
    public static void Add(HtmlWriter html, PageMigration migration, bool isNamed)
    {
        string sql = migration.File.Sql;
        string title = isNamed ? $"SQL of {migration.File.Name}" : "SQL";
        html.Add($"<details class=\"sql\"><summary><b>{title}</b> <span>{Summary(migration)}</span></summary>\n");
        if (migration.File.Unjudged is { } why)
        {
            html.Add($"<p class=\"note\">It cannot be judged: {why}.</p>\n");
        }

        if (migration.Risk is { } risk)
        {
            html.Add($"<p class=\"verdict\">{HtmlWriter.Sentence(risk.Sentence)}</p>\n");
        }

        int left = migration.Shown;
        foreach (SqlSegment segment in SqlSegments.Of(sql, migration.Risk).TakeWhile(_ => left > 0))
        {
            AddSegment(html, segment, PageText.Cut(segment.Text, left));
            left -= segment.Text.Length;
        }

        if (migration.Shown < sql.Length)
        {
            int lines = sql.AsSpan(migration.Shown).Count('\n') + 1;
            html.Add($"<p class=\"note\">{PageText.Count(lines, "more line is", "more lines are")} in the file.</p>\n");
        }

        html.Add($"</details>\n");
    }

    private static string Summary(PageMigration migration)
    {
        string lines = PageText.Count(Lines(migration.File.Sql), "line", "lines");
        if (migration.Risk is not { } risk)
        {
            return $"{lines} · not judged";
        }

        string locks = risk.Locks.Where(hazard => hazard.BlocksWrites).MaxBy(hazard => hazard.Mode) is { } worst
            ? $" · {LockSentence.Words(worst.Mode)} on {worst.Table}"
            : "";
        int findings = risk.Findings.Count(finding => finding.IsRisk);
        return $"{lines}{locks}{(findings > 0 ? $" · {PageText.Count(findings, "risk", "risks")}" : "")}";
    }

    private static int Lines(string sql) => sql.Length == 0 ? 0 : sql.AsSpan().TrimEnd('\n').Count('\n') + 1;

    private static void AddSegment(HtmlWriter html, SqlSegment segment, string text)
    {
        string shown = text.TrimEnd();
        int notes = segment.Findings.Count + segment.Locks.Count;
        if (shown.Length == 0 && notes == 0)
        {
            return;
        }

        // A browser takes one line break behind the tag away.
        string body = shown.TrimStart('\r', '\n');
        int line = segment.Line + shown.AsSpan(0, shown.Length - body.Length).Count('\n');
        html.Add($"<div class=\"segment\"><span class=\"line\">line {line}</span><pre><code>");
        html.AddLines(body);
        html.Add($"</code></pre>");
        if (notes > 0)
        {
            html.Add($"<ul class=\"notes\">\n");
            segment.Locks.ToList().ForEach(hazard => AddLock(html, hazard));
            segment.Findings.ToList().ForEach(finding => AddFinding(html, finding));
            html.Add($"</ul>");
        }

        html.Add($"</div>\n");
    }

    private static void AddLock(HtmlWriter html, LockHazard hazard) => html.Add(
        $"<li class=\"{(hazard.BlocksWrites ? "warn" : "info")}\"><b>Lock</b> <span>{Sentence(hazard.Sentence)}</span></li>\n");

    private static void AddFinding(HtmlWriter html, RiskFinding finding)
    {
        string word = finding.IsRisk ? "Risk" : "Note";
        html.Add($"<li class=\"{ClassOf(finding)}\"><b>{word}</b> <span>{HtmlWriter.Sentence(finding.Message)}</span>");
        if (finding.SafeWay.Length > 0)
        {
            html.Add($" <span class=\"way\">{HtmlWriter.Sentence(finding.SafeWay)}</span>");
        }

        html.Add($" <small><code>{finding.Rule}</code> line {finding.Span.Line}</small></li>\n");
    }

    private static string ClassOf(RiskFinding finding) => finding.Severity switch
    {
        RiskSeverity.High => "bad",
        RiskSeverity.Medium => "warn",
        _ => "info",
    };

    /// <summary>The end of a sentence as one of its own.</summary>
    private static SafeHtml Sentence(string end) =>
        HtmlWriter.Sentence(end.Length == 0 ? end : $"{char.ToUpperInvariant(end[0])}{end[1..].TrimEnd('.')}.");
}
