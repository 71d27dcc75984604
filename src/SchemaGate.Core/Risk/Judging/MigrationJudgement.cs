using SchemaGate.Core.Risk.Ignores;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Rules;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>Judges one migration on the schema that the earlier ones leave.</summary>
internal static class MigrationJudgement
{
    /// <returns>The verdict, and the schema and the progress after the migration.</returns>
    public static (MigrationRisk Risk, KnownSchema Schema, Progress Progress) Of(ParsedMigration migration, int index, KnownSchema before, int transaction, RiskOptions options)
    {
        IReadOnlyList<Statement> statements = migration.Script.Statements;
        Progress progress = new(transaction + 1, Transactions.AreShared(statements, options.Transactions));
        KnownSchema schema = SchemaFold.NewSession(before, new Moment(index, progress.Transaction), options.Schema);
        MigrationContext whole = new(migration, schema, schema, [], progress, options);
        List<StatementContext> steps = [];
        foreach (Statement statement in statements)
        {
            progress = progress.Before();
            schema = Step(statement, schema with { Now = new Moment(index, progress.Transaction) }, progress, whole, steps, out List<TableLock> locks);
            progress = progress.After(statement, locks);
        }

        whole = whole with { After = schema, Steps = steps, Progress = progress };
        return (Verdict(whole), schema, progress);
    }

    /// <summary>One statement, each action of an ALTER TABLE on what the one before it left.</summary>
    private static KnownSchema Step(
        Statement statement, KnownSchema schema, Progress progress, MigrationContext whole, List<StatementContext> steps, out List<TableLock> locks)
    {
        locks = [];
        foreach (TableAction? action in statement is AlterTable alter ? (TableAction?[])[null, .. alter.Actions] : [null])
        {
            IReadOnlyList<TableLock> own = StatementLocks.Of(statement, action, schema, whole.Options.Major);
            steps.Add(new StatementContext(statement, action, schema, progress, whole.Options, own, whole.Migration));
            locks.AddRange(own);
            schema = (statement, action) switch
            {
                (AlterTable whose, { } change) => ActionFold.After(schema, whose, change),
                (AlterTable, null) => schema,
                (CreateSchema { Elements.Count: > 0 } create, _) => Elements(create, schema, progress, whole, steps, locks),
                _ => SchemaFold.After(schema, statement),
            };
        }

        return schema;
    }

    private static KnownSchema Elements(
        CreateSchema create, KnownSchema schema, Progress progress, MigrationContext whole, List<StatementContext> steps, List<TableLock> locks)
    {
        KnownSchema inner = schema with { SearchSchema = create.Name };
        foreach (Statement element in create.Elements)
        {
            inner = Step(element, inner, progress, whole, steps, out List<TableLock> own);
            locks.AddRange(own);
        }

        return inner with { SearchSchema = schema.SearchSchema };
    }

    private static MigrationRisk Verdict(MigrationContext whole)
    {
        IEnumerable<RiskFinding> all = Findings(whole).OrderBy(finding => finding.Span.Offset);
        (IReadOnlyList<RiskFinding> findings, IReadOnlyList<IgnoredFinding> ignored) = InlineIgnores.Apply(whole.Migration, [.. all], whole.Options);
        Compatibility level = findings.Any(finding => finding is { IsRisk: true, IsAboutCompatibility: true }) ? Compatibility.Risky
            : findings.Any(finding => finding.Categories.HasFlag(RiskCategories.Unjudged)) ? Compatibility.Unknown
            : Compatibility.Safe;
        LockHazard[] locks = [.. whole.Steps.SelectMany(Hazards)];
        bool isShared = Transactions.AreShared(whole.Migration.Script.Statements, whole.Options.Transactions);
        return new MigrationRisk(whole.Migration.Name, level, locks, findings, ignored, isShared, VerdictSentence.Of(level, findings, locks));
    }

    private static IEnumerable<LockHazard> Hazards(StatementContext step) => step.Locks.Where(held => held.Mode >= LockMode.ShareUpdateExclusive).Select(held => new LockHazard(
        held.Table, held.Mode, held.Work, held.IsOther, held.IsAssumed, step.Action?.Span ?? step.Statement.Span,
        LockSentence.Of(step.Name(held.Table), held.Mode, held.Work, held.IsAssumed)));

    private static IEnumerable<RiskFinding> Findings(MigrationContext whole)
    {
        RiskRule[] rules = [.. RuleCatalog.Rules.Where(rule => IsEnabled(rule, whole.Options))];
        foreach (StatementContext step in whole.Steps)
        {
            foreach (RiskRule rule in rules)
            {
                foreach (Hit hit in rule.Judge(step))
                {
                    yield return Finding(rule, hit, step.Action?.Span ?? step.Statement.Span, step.Statement.Span, whole.Options);
                }
            }
        }

        TextSpan first = whole.Migration.Script.Statements is [var statement, ..] ? statement.Span : new TextSpan(0, 0, 1, 1);
        foreach (RiskRule rule in rules)
        {
            foreach (Hit hit in rule.JudgeWhole(whole))
            {
                yield return Finding(rule, hit, first, hit.Span ?? first, whole.Options);
            }
        }
    }

    private static bool IsEnabled(RiskRule rule, RiskOptions options) =>
        !options.DisabledRules.Contains(rule.Id) && (!rule.IsOptional || options.EnabledRules.Contains(rule.Id));

    public static RiskFinding Finding(RiskRule rule, Hit hit, TextSpan span, TextSpan statement, RiskOptions options) => new(
        rule.Id, rule.Categories, options.Severities.TryGetValue(rule.Id, out RiskSeverity severity) ? severity : hit.Severity ?? rule.Severity,
        hit.Message, rule.SafeWay, hit.Span ?? span, statement, hit.IsAssumed);
}
