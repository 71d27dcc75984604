using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Rules;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Ignores;

/// <summary>
/// <c>-- schemagate: ignore drop-column, rename-column because nothing reads them any more</c>. After code it is about its own line, alone
/// about what begins on the next one: a statement, or one action of it.
/// </summary>
internal static class InlineIgnores
{
    private const string Mark = "schemagate:";

    public static (IReadOnlyList<RiskFinding> Findings, IReadOnlyList<IgnoredFinding> Ignored) Apply(
        ParsedMigration migration, IReadOnlyList<RiskFinding> findings, RiskOptions options)
    {
        Ignore[] ignores = migration.Sql.Contains(Mark, StringComparison.OrdinalIgnoreCase)
            ? [.. SqlComments.In(migration.Sql).Select(Read).OfType<Ignore>()]
            : [];
        List<RiskFinding> left = [];
        List<IgnoredFinding> ignored = [];
        HashSet<Ignore> used = [];
        foreach (RiskFinding finding in findings)
        {
            Ignore? ignore = ignores.FirstOrDefault(ignore => ignore.Covers(finding));
            used.UnionWith(ignores.Where(other => other.Covers(finding)));
            if (ignore is { Reason.Length: > 0 })
            {
                ignored.Add(new IgnoredFinding(finding, ignore.Reason));
            }
            else
            {
                left.Add(finding);
            }
        }

        left.AddRange(ignores.Select(ignore => Complaint(ignore, used.Contains(ignore), options)).OfType<RiskFinding>());
        return ([.. left.OrderBy(finding => finding.Span.Offset)], ignored);
    }

    private static RiskFinding? Complaint(Ignore ignore, bool isUsed, RiskOptions options)
    {
        if (isUsed && ignore.Reason.Length > 0)
        {
            return null;
        }

        (RiskRule rule, string message) = ignore.Reason.Length == 0
            ? (IgnoreRules.WithoutReason, "The comment asks to ignore a rule and gives no reason: it is not obeyed.")
            : (IgnoreRules.Unused, $"Nothing here breaks {Names.List(ignore.Rules)}: the comment can go.");
        return options.DisabledRules.Contains(rule.Id)
            ? null
            : MigrationJudgement.Finding(rule, new Hit(message), ignore.Comment.Span, ignore.Comment.Span, options);
    }

    /// <summary>Null for any other comment.</summary>
    private static Ignore? Read(SqlComment comment)
    {
        if (!comment.Text.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string[] words = comment.Text[Mark.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["ignore", .. var rest])
        {
            return null;
        }

        List<string> rules = [];
        int next = 0;
        while (next < rest.Length && (next == 0 || rest[next - 1].EndsWith(',')))
        {
            rules.AddRange(rest[next++].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(rule => rule.TrimEnd(':', '…')));
        }

        return new Ignore(comment, [.. rules], string.Join(' ', rest[next..]).TrimStart('-', '–', '—', ':', ' '));
    }

    private sealed record Ignore(SqlComment Comment, string[] Rules, string Reason)
    {
        public bool Covers(RiskFinding finding) =>
            Rules.Contains(finding.Rule, StringComparer.Ordinal) && (Comment.FollowsCode ? IsOnLine(finding) : IsNext(finding));

        private bool IsNext(RiskFinding finding) => finding.Span.Line == Comment.NextLine || finding.StatementSpan.Line == Comment.NextLine;

        /// <summary>The line that it ends has the finding's place, or the statement's first or last word.</summary>
        private bool IsOnLine(RiskFinding finding) =>
            finding.Span.Line == Comment.Span.Line || finding.StatementSpan.Line == Comment.Span.Line || Ends(finding.StatementSpan);

        private bool Ends(TextSpan statement) => statement.Offset + statement.Length <= Comment.Span.Offset
            && Comment.Span.Offset - (statement.Offset + statement.Length) < Comment.Span.Column;
    }
}
