using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Cli.Lint;

/// <summary>Judges what was read and makes the report.</summary>
internal sealed class LintJudgement(LintChoice choice, RiskOptions options, string failOn, Baseline baseline)
{
    private readonly LintSeverity? threshold = LintSeverities.Threshold(failOn);
    private readonly HashSet<string> known = [.. baseline.Findings.Select(entry => entry.Fingerprint)];
    private readonly HashSet<string> found = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];

    /// <exception cref="Postgres.DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public LintReport Report(LintInputs inputs)
    {
        List<LintedMigration> migrations = [.. inputs.Sets.SelectMany(Judged)];
        LintFinding[] findings = [.. migrations.SelectMany(migration => migration.Findings)];
        int Count(LintSeverity severity) => findings.Count(finding => finding.Severity == LintSeverities.Word(severity));
        LintSummary summary = new(
            migrations.Count, Count(LintSeverity.Risky), Count(LintSeverity.Warning), Count(LintSeverity.Note),
            migrations.Sum(migration => migration.Ignored.Count), migrations.Sum(migration => migration.Baselined));
        string[] problems = [.. inputs.Problems, .. faults];
        string result = problems switch
        {
            [_, ..] => "unreadable",
            _ when findings.Any(finding => finding.Counts) => "failed",
            _ => "passed",
        };
        return new(
            result, failOn, options.TargetMajor, StatementReader.ParserVersion, summary, migrations, problems,
            [.. inputs.Notes, .. Stale(inputs, migrations)]);
    }

    private IEnumerable<LintedMigration> Judged(LintSet set)
    {
        ParsedMigration[] parsed = InParallel.Select(set.Scripts, script =>
            new ParsedMigration(script.Name, script.Sql, StatementReader.Read(script.Sql)) { HasRollback = script.HasRollback });
        IReadOnlyList<MigrationRisk> risks = RiskJudge.Judge(parsed, options);
        return set.Scripts.Zip(risks, choice.In(set)).Where(judged => judged.Third)
            .Select(judged => Line(set, judged.First, judged.Second));
    }

    private LintedMigration Line(LintSet set, LintScript script, MigrationRisk risk)
    {
        LintFinding[] all = [.. risk.Findings.Select(finding => Line(script, finding))];
        found.UnionWith(all.Select(finding => finding.Fingerprint));
        faults.AddRange(risk.Fault is { } fault ? [fault] : []);
        LintFinding[] shown = [.. all.Where(finding => !known.Contains(finding.Fingerprint))];
        return new(
            script.Name, set.Source, script.File, risk.Level.ToString(), risk.LeastLevel.ToString(), risk.InOneTransaction, risk.Sentence,
            [.. risk.Locks.Select(Line)],
            shown,
            [.. risk.Ignored.Select(
                ignored => new IgnoredLine(ignored.Finding.Rule, ignored.Finding.Message, ignored.Finding.Span.Line, ignored.Reason))],
            all.Length - shown.Length);
    }

    private LintFinding Line(LintScript script, RiskFinding finding)
    {
        LintSeverity severity = LintSeverities.Of(finding);
        (int endLine, int endColumn) = SourceLine.End(script.Sql, finding.Span);
        TextSpan statement = finding.StatementSpan;
        string text = script.Sql.Substring(statement.Offset, Math.Clamp(statement.Length, 0, script.Sql.Length - statement.Offset));
        return new(
            finding.Rule, LintSeverities.Word(severity), severity >= threshold, finding.Message, finding.SafeWay,
            LintSeverities.Words(finding.Categories), finding.IsAssumed, finding.Span.Line, finding.Span.Column, endLine, endColumn,
            SourceLine.Of(script.Sql, finding.Span), Baseline.Fingerprint(finding.Rule, script.Name, text));
    }

    private static LockLine Line(LockHazard hazard) => new(
        hazard.Table.ToString(), ModeWords(
            hazard.Mode), hazard.BlocksReads, hazard.BlocksWrites, hazard.IsAssumed, hazard.Span.Line, hazard.Span.Column, hazard.Sentence);

    /// <summary>ShareRowExclusive → SHARE ROW EXCLUSIVE, as the documentation writes it.</summary>
    private static string ModeWords(LockMode mode) =>
        string.Concat(mode.ToString()
            .Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    /// <summary>An entry is stale where its migration was judged, or where all was judged and the migration is gone.</summary>
    private IEnumerable<string> Stale(LintInputs inputs, IReadOnlyList<LintedMigration> migrations)
    {
        HashSet<string> judged = [.. migrations.Select(migration => migration.Name)];
        HashSet<string> read = [.. inputs.Sets.SelectMany(set => set.Scripts).Select(script => script.Name)];
        bool isAll = choice.IsOfAll && inputs.Sets.Any(set => set.Scripts.Count > 1);
        return baseline.Findings
            .Where(entry => !found.Contains(entry.Fingerprint)
                && (judged.Contains(entry.Migration) || (isAll && !read.Contains(entry.Migration))))
            .Select(
                entry => $"The baseline's {entry.Rule} of {entry.Migration} ({entry.Fingerprint}) matches nothing any more: it can go.");
    }
}
