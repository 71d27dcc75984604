using SchemaGate.Core.Risk.Ignores;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>Judges one migration on the schema that the earlier ones leave.</summary>
internal static class MigrationJudgement
{
    /// <summary>What the migration does to the schema, statement by statement.</summary>
    public static MigrationContext Fold(ParsedMigration migration, int index, KnownSchema before, int transaction, RiskOptions options)
    {
        IReadOnlyList<Statement> statements = migration.Script.Statements;
        Progress progress = new(transaction + 1, Transactions.AreShared(statements, options.Transactions));
        KnownSchema begin = SchemaFold.NewSession(before, new Moment(index, progress.Transaction), options.Schema);
        KnownSchema schema = begin;
        List<StatementContext> steps = [];
        MigrationOutline outline = MigrationOutline.Of(statements, options.Schema, begin);
        for (int place = 0; place < statements.Count; place++)
        {
            progress = progress.Before();
            KnownSchema now = schema with { Now = new Moment(index, progress.Transaction) };
            StatementContext context = new(statements[place], Action: null, now, progress, options, [], outline, place);
            schema = Step(context, steps, out List<TableLock> locks).Naming(statements[place], schema);
            outline.Later.Left(progress.Transaction, schema);
            progress = progress.After(statements[place], locks);
        }

        return new(migration, begin, schema, steps, progress, options);
    }

    /// <summary>One statement, each action of an ALTER TABLE on what the one before it left.</summary>
    private static KnownSchema Step(StatementContext context, List<StatementContext> steps, out List<TableLock> locks)
    {
        locks = [];
        (Statement statement, KnownSchema schema) = (context.Statement, context.Schema);
        TableAction?[] actions = statement is AlterTable alter ? [null, .. ActionFold.InOrder(alter.Actions)] : [null];
        foreach (TableAction? action in actions)
        {
            IReadOnlyList<TableLock> own = StatementLocks.Of(statement, action, schema, context.Major);
            StatementContext step = context.For(action, schema, own);
            steps.Add(step);
            locks.AddRange(own);
            schema = (statement, action) switch
            {
                (AlterTable whose, { } change) => ActionFold.After(schema, whose, change),
                (AlterTable, null) => schema,
                (CreateSchema { Elements.Count: > 0 } create, _) => Elements(create, step, steps, locks),
                _ => SchemaFold.After(schema, statement),
            };
        }

        return schema;
    }

    private static KnownSchema Elements(CreateSchema create, StatementContext context, List<StatementContext> steps, List<TableLock> locks)
    {
        KnownSchema inner = context.Schema with { SearchSchema = create.Name };
        foreach (Statement element in create.Elements)
        {
            inner = Step(context with { Statement = element, Schema = inner }, steps, out List<TableLock> own);
            locks.AddRange(own);
        }

        return inner with { SearchSchema = context.Schema.SearchSchema };
    }

    /// <summary>What the rules say of it.</summary>
    public static MigrationRisk Verdict(MigrationContext whole)
    {
        (List<RiskFinding> all, string? faulty) = Findings(whole);
        (IReadOnlyList<RiskFinding> findings, IReadOnlyList<IgnoredFinding> ignored) =
            InlineIgnores.Apply(whole.Migration, [.. all.OrderBy(finding => finding.Span.Offset)], whole.Options);
        Compatibility level = findings switch
        {
            _ when findings.Any(finding => finding is { IsRisk: true, IsAboutCompatibility: true }) => Compatibility.Risky,
            _ when faulty is not null => Compatibility.Unknown,
            _ when findings.Any(finding => finding.Categories.HasFlag(RiskCategories.Unjudged)) => Compatibility.Unknown,
            _ => Compatibility.Safe,
        };
        LockHazard[] locks = [.. Hazards(whole.Steps)];
        bool isShared = Transactions.AreShared(whole.Migration.Script.Statements, whole.Options.Transactions);
        return new MigrationRisk(
            whole.Migration.Name, level, locks, findings, ignored, isShared, VerdictSentence.Of(level, findings, locks))
        {
            Fault = faulty is null ? null
                : $"{whole.Migration.Name} is not judged wholly: the rule {faulty} failed on it, which is a fault of SchemaGate. "
                    + "Please report it with that migration.",
        };
    }

    /// <summary>What a statement does to a table keeps out whoever an earlier lock of its transaction does.</summary>
    private static IEnumerable<LockHazard> Hazards(IEnumerable<StatementContext> steps)
    {
        HashSet<(int Transaction, ObjectName Table)> exclusive = [];
        foreach (StatementContext step in steps)
        {
            foreach (TableLock held in step.Locks.Where(held => held.Mode >= LockMode.ShareUpdateExclusive))
            {
                bool isLockedOut = !held.IsBrief && exclusive.Contains((step.Progress.Transaction, held.Table));
                yield return Hazard(step, held, isLockedOut ? LockMode.AccessExclusive : held.Mode);
                if (held.Mode == LockMode.AccessExclusive)
                {
                    exclusive.Add((step.Progress.Transaction, held.Table));
                }
            }
        }
    }

    private static LockHazard Hazard(StatementContext step, TableLock held, LockMode strongest)
    {
        bool lasts = step.IsHeld || step.Locks.Any(other => !other.IsBrief);
        return new LockHazard(
            held.Table, held.Mode, held.Work, held.IsOther, held.IsAssumed, step.Action?.Span ?? step.Statement.Span,
            LockSentence.Of(step.Name(held), held with { Mode = strongest }, lasts))
        {
            IsOfIndex = held.IsOfIndex,
        };
    }

    /// <returns>In the order of the rules, and the id of the first rule that failed: what the others find still counts.</returns>
    private static (List<RiskFinding> Findings, string? Faulty) Findings(MigrationContext whole)
    {
        List<RiskFinding> findings = [];
        string? faulty = null;
        RiskRule[] rules = [.. whole.Options.Rules.Where(rule => IsEnabled(rule, whole.Options))];
        foreach (StatementContext step in whole.Steps)
        {
            foreach (RiskRule rule in rules)
            {
                if (!TryAdd(findings, rule, rule.Judge, step, step.Action?.Span ?? step.Statement.Span, step.Statement.Span, whole.Options))
                {
                    faulty ??= rule.Id;
                }
            }
        }

        TextSpan first = whole.Migration.Script.Statements is [var statement, ..] ? statement.Span : new TextSpan(0, 0, 1, 1);
        foreach (RiskRule rule in rules)
        {
            if (!TryAdd(findings, rule, rule.JudgeWhole, whole, first, statement: null, whole.Options))
            {
                faulty ??= rule.Id;
            }
        }

        return (findings, faulty);
    }

    /// <returns>False where the rule failed: one rule's fault must not stop a gate.</returns>
    private static bool TryAdd<T>(
        List<RiskFinding> findings, RiskRule rule, Func<T, IEnumerable<Hit>> judge, T context, TextSpan span, TextSpan? statement,
        RiskOptions options)
    {
        try
        {
            IEnumerable<Hit> hits = judge(context);
            // Nearly always, and an enumerator of nothing costs more than the rule.
            if (hits is Hit[] { Length: 0 })
            {
                return true;
            }

            foreach (Hit hit in hits)
            {
                findings.Add(Finding(rule, hit, span, statement ?? hit.Span ?? span, options));
            }

            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static bool IsEnabled(RiskRule rule, RiskOptions options) =>
        !options.DisabledRules.Contains(rule.Id) && (!rule.IsOptional || options.EnabledRules.Contains(rule.Id));

    public static RiskFinding Finding(RiskRule rule, Hit hit, TextSpan span, TextSpan statement, RiskOptions options) => new(
        rule.Id, rule.Categories,
        options.Severities.TryGetValue(rule.Id, out RiskSeverity severity) ? severity : hit.Severity ?? rule.Severity,
        hit.Message, rule.SafeWay, hit.Span ?? span, statement, hit.IsAssumed);
}
