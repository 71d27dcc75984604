using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>What who deploys it must know: what waits meanwhile, what breaks, what it builds on.</summary>
internal static class ProductionNotes
{
    private const int MostFindings = 10;
    private const int MostLocks = 6;

    public static FieldValue Of(MigrationContext whole, MigrationRisk risk, IReadOnlyList<Change> changes)
    {
        IEnumerable<string> notes =
        [
            .. Additive(changes), .. Findings(risk), .. Locks(risk), .. Running(whole, risk), .. Dependencies(whole),
        ];
        return new("Production Notes", "", [.. notes.Select(Marked.Whole)]);
    }

    private static IEnumerable<string> Additive(IReadOnlyList<Change> changes)
    {
        if (RiskDraft.IsAdditive(changes))
        {
            IEnumerable<string> commands = changes.Where(change => change.IsAdditive).Select(change => change.Command)
                .Distinct(StringComparer.Ordinal);
            yield return $"All changes are additive ({string.Join(", ", commands)})";
            yield return "No existing data will be affected";
        }
    }

    /// <summary>The worst first, and only what makes the level; `lint` has the rest.</summary>
    private static RiskFinding[] Told(MigrationRisk risk) =>
    [
        .. risk.Findings
            .Where(finding => (finding.Weighs && finding.IsRisk) || finding.Categories.HasFlag(RiskCategories.Unjudged))
            .DistinctBy(finding => finding.Message, StringComparer.Ordinal)
            .OrderByDescending(finding => finding.Severity),
    ];

    private static IEnumerable<string> Findings(MigrationRisk risk)
    {
        RiskFinding[] told = Told(risk);
        foreach (RiskFinding finding in told.Take(MostFindings))
        {
            yield return $"{finding.Message.TrimEnd('.')}{(finding.SafeWay.Length == 0 ? "" : $". Safer: {finding.SafeWay.TrimEnd('.')}")}";
        }

        if (told.Length > MostFindings)
        {
            yield return $"And {Marked.Count(told.Length - MostFindings, "finding")} more: `schemagate lint` lists them";
        }

        foreach (IgnoredFinding ignored in risk.Ignored.Take(MostFindings))
        {
            yield return $"Not counted, because the migration says \"{ignored.Reason.TrimEnd('.')}\": "
                + ignored.Finding.Message.TrimEnd('.');
        }

        if (risk.Fault is { } fault)
        {
            yield return fault.TrimEnd('.');
        }
    }

    /// <summary>What a finding says in the same words is not said again.</summary>
    private static IEnumerable<string> Locks(MigrationRisk risk)
    {
        HashSet<string> said = new(
            Told(risk).Take(MostFindings).Select(finding => finding.Message), StringComparer.OrdinalIgnoreCase);
        string[] waits = [.. risk.Locks.Where(hazard => hazard.BlocksWrites).OrderByDescending(hazard => hazard.Work)
            .ThenByDescending(hazard => hazard.Mode).Select(hazard => hazard.Sentence).Distinct(StringComparer.Ordinal)];
        foreach (string sentence in waits.Where(sentence => !said.Contains(sentence)).Take(MostLocks))
        {
            yield return $"Lock: {sentence.TrimEnd('.')}";
        }

        if (waits.Length > MostLocks)
        {
            yield return $"And {Marked.Count(waits.Length - MostLocks, "lock")} more";
        }

        if (waits.Length == 0 && risk.Level == Compatibility.Safe)
        {
            yield return "Locks nothing that exists against writes";
        }
    }

    private static IEnumerable<string> Running(MigrationContext whole, MigrationRisk risk)
    {
        if (!risk.InOneTransaction && whole.Migration.Script.Statements.Count > 1)
        {
            yield return "Does not run in one transaction: where it fails in the middle, the first part remains";
        }
    }

    private static IEnumerable<string> Dependencies(MigrationContext whole)
    {
        HashSet<ObjectName> altered = [.. whole.Steps.Select(step => step.Statement).OfType<AlterTable>().Select(alter => alter.Table)];
        string[] tables = [.. whole.Steps.SelectMany(step => Referenced(step).Where(name => !step.Schema.IsExempt(name)))
            .Where(name => !altered.Contains(name))
            .Select(name => name.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (tables.Length > 0)
        {
            yield return $"Depends on existing {(tables.Length == 1 ? "table" : "tables")} {Marked.List(tables)} for foreign keys";
        }
    }

    private static IEnumerable<ObjectName> Referenced(StatementContext step) => ((step.Statement, step.Action) switch
    {
        (CreateTable create, _) => create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints))
            .OfType<ForeignKeyConstraint>().Where(key => step.Schema.Resolve(key.Table) != step.Schema.Resolve(create.Table)),
        (_, AddConstraint { Constraint: ForeignKeyConstraint key }) => [key],
        (_, AddColumn add) => add.Definition.Constraints.OfType<ForeignKeyConstraint>(),
        _ => [],
    }).Select(key => key.Table);
}
