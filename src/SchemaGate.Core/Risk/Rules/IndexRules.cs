using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Indexes and materialized views that exist.</summary>
internal static class IndexRules
{
    public static RiskRule DropIndexBlocking { get; } = new(
        "drop-index-blocking", "Reads and writes of the table queue behind ACCESS EXCLUSIVE", BlockingLock, RiskSeverity.Low,
        "DROP INDEX CONCURRENTLY, in a migration of its own.")
    {
        Judge = static context => Dropped(context).Where(drop => !drop.Concurrently).Select(drop => new Hit(
            $"Dropping {Listed(drop)} takes ACCESS EXCLUSIVE on {Tables(context)}: reads and writes queue behind it"
                + $"{(context.IsHeld ? " until the transaction ends." : ".")}")),
    };

    public static RiskRule IndexDropped { get; } = new(
        "index-dropped", "Queries may become slow", BreaksApplication, RiskSeverity.Information, "Look at pg_stat_user_indexes.idx_scan "
            + "first, on the standbys, too.")
    {
        Judge = static context => Dropped(context).Select(drop => new Hit($"Without {Listed(drop)} queries that use it become slow.")),
    };

    public static RiskRule ReindexBlocking { get; } = new(
        "reindex-blocking", "Writes stop while the index is built; reads that would use it stop, too", BlockingLock, RiskSeverity.Medium,
        "REINDEX … CONCURRENTLY, in a migration of its own.")
    {
        Judge = static context => context.Statement is Reindex { Concurrently: false } reindex
            && !(reindex is { Target: ReindexTarget.Table, Name: { } table } && context.Schema.IsExempt(table))
            ? [new($"{Named(reindex, context)} builds under SHARE on the table and ACCESS EXCLUSIVE on the index: "
                + "writes stop until it is done.")]
            : [],
    };

    public static RiskRule RefreshBlocking { get; } = new(
        "refresh-matview-blocking", "Reads of the materialized view stop until it is filled", BlockingLock, RiskSeverity.Medium,
        "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index.")
    {
        Judge = static context => context.Statement is RefreshMaterializedView { Concurrently: false } refresh
            && !context.Schema.IsExempt(refresh.Name)
            ? [new($"Refreshing {context.Name(refresh.Name)} takes ACCESS EXCLUSIVE: its reads stop until it is filled.")]
            : [],
    };

    private static IEnumerable<DropObjects> Dropped(StatementContext context) =>
        context.Statement is DropObjects { Kind: ObjectKind.Index } drop
        && !drop.Names.All(name => context.SeemsMissing(drop, name) || (context.Schema.Index(name) is { } known
            && (context.Schema.IsExempt(known.Owner.Name) || context.Schema.IsNew(known.Index.Made))))
            ? [drop]
            : [];

    private static string Tables(StatementContext context) =>
        string.Join(", ", context.Locks.Select(context.Name).Distinct(StringComparer.Ordinal));

    private static string Named(Reindex reindex, StatementContext context) =>
        reindex.Name is { } name ? $"REINDEX of {context.Name(name)}" : "REINDEX";

    private static string Listed(DropObjects drop) => Names.List(drop.Names.Select(name => name.Name));
}
