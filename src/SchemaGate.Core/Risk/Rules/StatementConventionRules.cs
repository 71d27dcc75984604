using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>How statements and migrations are written.</summary>
internal static class StatementConventionRules
{
    public static RiskRule SplitAlterTable { get; } = new(
        "split-alter-table", "Several ALTER TABLE of one table could be one, with one wait for the lock and one pass over the rows",
        Convention, RiskSeverity.Information, "Write the actions into one ALTER TABLE.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: null, Statement: AlterTable alter }
            && Before(context) is AlterTable before && before.Table == alter.Table
            && before.Kind == alter.Kind && before.Only == alter.Only
            ? [new($"The ALTER TABLE before this one is of {context.TableName}, too: one statement could do both.")]
            : [],
    };

    public static RiskRule NotIdempotent { get; } = new(
        "not-idempotent", "The migration cannot be run again after it stopped half-way", Convention, RiskSeverity.Information,
        "IF NOT EXISTS, IF EXISTS.")
    {
        IsOptional = true,
        Judge = static context => context switch
        {
            {
                Statement: CreateTable { IfNotExists: false } or CreateSchema { IfNotExists: false }
                    or CreateExtension { IfNotExists: false } or CreateSequence { IfNotExists: false },
            } => [Again("IF NOT EXISTS")],
            { Statement: CreateIndex { IfNotExists: false, Concurrently: false } } => [Again("IF NOT EXISTS")],
            { Statement: DropObjects { IfExists: false } } => [Again("IF EXISTS")],
            { Action: AddColumn { IfNotExists: false } } => [Again("IF NOT EXISTS")],
            { Action: DropColumn { IfExists: false } or DropConstraint { IfExists: false } } => [Again("IF EXISTS")],
            _ => [],
        },
    };

    public static RiskRule IdentifierTruncated { get; } = new(
        "identifier-truncated", "PostgreSQL cuts names off after 63 bytes", Convention, RiskSeverity.Information, "A shorter name.")
    {
        Judge = static context => context.Action is not null ? [] : context.Statement.LongIdentifiers.Select(
            name => new Hit($"`{name}` is longer than 63 bytes and is cut off; two such names may become one.")),
    };

    public static RiskRule UnqualifiedTableName { get; } = new(
        "unqualified-table-name", "search_path decides which table is meant", Convention, RiskSeverity.Information,
        "Write the schema: public.orders.")
    {
        IsOptional = true,
        Judge = static context => context.Action is null && Own(context.Statement) is { Schema: null } name
            ? [new($"`{name.Name}` has no schema: search_path decides which one is meant.")]
            : [],
    };

    public static RiskRule NoPrimaryKey { get; } = new(
        "table-without-primary-key", "Rows cannot be told apart; logical replication refuses updates", Convention, RiskSeverity.Information,
        "A primary key.")
    {
        JudgeWhole = static migration => migration.Steps.Where(step => step.Statement is CreateTable
        {
            Persistence: not Persistence.Temporary,
            PartitionOf: null,
            IsForeign: false,
        } create
            && migration.After.FindTable(create.Table) is KnownTable { IsComplete: true, PrimaryKey: null })
            .Select(
                step => new Hit($"{step.Name(((CreateTable)step.Statement).Table)} has no primary key.") { Span = step.Statement.Span }),
    };

    public static RiskRule RollbackMissing { get; } = new(
        "rollback-missing", "Nobody wrote down a way back", Convention, RiskSeverity.Information, "Say in the changelog's entry how to "
            + "take it back, or that there is no way.")
    {
        JudgeWhole = static migration => migration.Migration.HasRollback == false
            ? [new($"No way back from {migration.Migration.Name} is written down.")]
            : [],
    };

    private static Hit Again(string missing) => new($"Without {missing} the statement fails when the migration is run again.");

    private static Statement? Before(StatementContext context) =>
        context.Index == 0 ? null : context.Migration.Statements[context.Index - 1];

    private static ObjectName? Own(Statement statement) => statement switch
    {
        CreateTable { Persistence: not Persistence.Temporary } create => create.Table,
        AlterTable { Kind: ObjectKind.Table } alter => alter.Table,
        CreateIndex create => create.Table,
        DropObjects { Kind: ObjectKind.Table, Names: [var name, ..] } => name,
        DataChange change => change.Table,
        TruncateTables { Tables: [var name, ..] } => name,
        _ => null,
    };
}
