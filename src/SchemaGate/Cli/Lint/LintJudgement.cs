using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Evidence;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Cli.Lint;

/// <summary>Judges what was read and makes the report.</summary>
internal sealed class LintJudgement(LintChoice choice, RiskOptions options, string failOn, Baseline baseline)
{
    private readonly LintSeverity? threshold = LintSeverities.Threshold(failOn);
    private readonly HashSet<string> known = [.. baseline.Findings.Select(entry => entry.Fingerprint)];

    /// <exception cref="Postgres.DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public LintReport Report(LintInputs inputs)
    {
        Judged[] judged = [.. InParallel.Select([.. inputs.Sets.SelectMany(Tasks)], Parsed, InOrder).OfType<Judged>()];
        LintedMigration[] migrations = [.. judged.Select(one => one.Migration)];
        LintFinding[] findings = [.. migrations.SelectMany(migration => migration.Findings)];
        int Count(LintSeverity severity) => findings.Count(finding => finding.Severity == LintSeverities.Word(severity));
        LintSummary summary = new(
            migrations.Length, Count(LintSeverity.Risky), Count(LintSeverity.Warning), Count(LintSeverity.Note),
            migrations.Sum(migration => migration.Ignored.Count), migrations.Sum(migration => migration.Baselined));
        string[] problems = [.. inputs.Problems, .. inputs.Sets.SelectMany(Unread), .. judged.Select(one => one.Fault).OfType<string>()];
        string result = problems switch
        {
            [_, ..] => "unreadable",
            _ when findings.Any(finding => finding.Counts) => "failed",
            _ => "passed",
        };
        return new(
            result, failOn, options.TargetMajor, StatementReader.ParserVersion, summary, migrations, problems,
            [.. inputs.Notes, .. Stale(inputs, judged)])
        {
            Sources = inputs.Sources,
        };
    }

    private IEnumerable<ToJudge> Tasks(LintSet set)
    {
        RiskSequence sequence = new(options with { SetIsWhole = set.IsWhole });
        return set.Scripts.Zip(choice.In(set), (script, isChosen) => new ToJudge(set, script, isChosen, sequence));
    }

    /// <summary>What cannot be judged and is context only is no problem: it may have run long ago.</summary>
    private IEnumerable<string> Unread(LintSet set) =>
        set.Scripts.Zip(choice.In(set)).Where(pair => pair.Second).Select(pair => pair.First.Unread).OfType<string>();

    private static (ToJudge Task, ParsedMigration Migration) Parsed(ToJudge task)
    {
        (string name, string sql) = (task.Script.Name, task.Script.Sql);
        ParsedScript script = task.Script.Unread is { } why ? RiskEvidence.Unread(why) : StatementReader.Read(sql);
        return (task, new(name, sql, script) { HasRollback = task.Script.HasRollback });
    }

    /// <returns>Gives null for what is context only.</returns>
    private Func<Judged?> InOrder((ToJudge Task, ParsedMigration Migration) parsed)
    {
        Func<MigrationRisk> verdict = parsed.Task.Sequence.Next(parsed.Migration);
        return () => parsed.Task is { IsChosen: true, Script.Unread: null } ? Line(parsed.Task.Set, parsed.Task.Script, verdict()) : null;
    }

    private Judged Line(LintSet set, LintScript script, MigrationRisk risk)
    {
        LintFinding[] all = [.. risk.Findings.Select(finding => Line(script, finding))];
        LintFinding[] shown = [.. all.Where(finding => !known.Contains(finding.Fingerprint))];
        LintedMigration migration = new(
            script.Name, set.Source, script.File, LintSeverities.Level(risk), risk.LeastLevel.ToString(), risk.InOneTransaction,
            risk.Sentence,
            [.. risk.Locks.Select(Line)],
            shown,
            [.. risk.Ignored.Select(
                ignored => new IgnoredLine(ignored.Finding.Rule, ignored.Finding.Message, ignored.Finding.Span.Line, ignored.Reason))],
            all.Length - shown.Length);
        return new(migration, [.. all.Select(finding => finding.Fingerprint)], risk.Fault);
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
        hazard.IsOfIndex ? null : hazard.Table.ToString(), ModeWords(
            hazard.Mode), hazard.BlocksReads, hazard.BlocksWrites, hazard.IsAssumed, hazard.Span.Line, hazard.Span.Column, hazard.Sentence);

    /// <summary>ShareRowExclusive → SHARE ROW EXCLUSIVE, as the documentation writes it.</summary>
    private static string ModeWords(LockMode mode) =>
        string.Concat(mode.ToString()
            .Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    /// <summary>An entry is stale where its migration was judged, or where all was judged and the migration is gone.</summary>
    private IEnumerable<string> Stale(LintInputs inputs, Judged[] all)
    {
        HashSet<string> found = [.. all.SelectMany(one => one.Fingerprints)];
        HashSet<string> judged = [.. all.Select(one => one.Migration.Name)];
        HashSet<string> read = [.. inputs.Sets.SelectMany(set => set.Scripts).Select(script => script.Name)];
        bool isAll = choice.IsOfAll && inputs.Sets.Any(set => set.Scripts.Count > 1);
        return baseline.Findings
            .Where(entry => !found.Contains(entry.Fingerprint)
                && (judged.Contains(entry.Migration) || (isAll && !read.Contains(entry.Migration))))
            .Select(
                entry => $"The baseline's {entry.Rule} of {entry.Migration} ({entry.Fingerprint}) matches nothing any more: it can go.");
    }

    /// <param name="IsChosen">Else it is the context of the others.</param>
    /// <param name="Sequence">The set's.</param>
    private sealed record ToJudge(LintSet Set, LintScript Script, bool IsChosen, RiskSequence Sequence);

    /// <param name="Fingerprints">Of all findings, the baseline's included.</param>
    private sealed record Judged(LintedMigration Migration, IReadOnlyList<string> Fingerprints, string? Fault);
}
