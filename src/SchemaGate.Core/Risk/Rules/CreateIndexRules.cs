using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Indexes that come.</summary>
internal static class CreateIndexRules
{
    public static RiskRule CreateIndexBlocking { get; } = new(
        "create-index-blocking", "Writes stop while the index is built", BlockingLock, RiskSeverity.Medium,
        "CREATE INDEX CONCURRENTLY, in a migration of its own.")
    {
        Judge = static context => context.Statement is CreateIndex { Concurrently: false, Only: false } create
            && !context.Schema.IsExempt(create.Table)
            ? [new($"Builds {Named(create)} on {context.Name(create.Table)} under SHARE: writes stop until it is done.")]
            : [],
    };

    public static RiskRule ConcurrentIndexInvalid { get; } = new(
        "concurrent-index-invalid", "IF NOT EXISTS takes a failed concurrent build for the index", NonTransactional, RiskSeverity.Medium,
        "DROP INDEX CONCURRENTLY IF EXISTS first; or look at pg_index.indisvalid before running it again.")
    {
        Judge = static context => context.Statement is CreateIndex { Concurrently: true, IfNotExists: true, Name: not null } create
            ? [new($"A build of {Named(create)} that failed leaves an invalid index, and IF NOT EXISTS takes it for done the next time.")]
            : [],
    };

    public static RiskRule WideIndex { get; } = new(
        "wide-index", "An index of more than three columns is rarely used in full", Convention, RiskSeverity.Information,
        "Keep the columns that queries filter by; add others with INCLUDE.")
    {
        Judge = static context => context.Statement is CreateIndex { Unique: false, Keys.Count: > 3 } create
            ? [new($"{Named(create, isFirst: true)} on {context.Name(create.Table)} has {create.Keys.Count} columns.")
            {
                Severity = context.Schema.IsExempt(create.Table) ? RiskSeverity.Information : RiskSeverity.Medium,
            }]
            : [],
    };

    private static string Named(CreateIndex create, bool isFirst = false) => (create.Name, isFirst) switch
    {
        ({ } name, _) => $"`{name}`",
        (null, true) => "An index",
        (null, false) => "an index",
    };
}
