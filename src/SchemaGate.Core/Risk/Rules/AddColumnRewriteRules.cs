using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>The ways in which ADD COLUMN writes all rows of a table anew.</summary>
internal static class AddColumnRewriteRules
{
    public static RiskRule VolatileDefault { get; } = new(
        "add-column-volatile-default", "Each row needs a value of its own: the table is rewritten", Rewrite, RiskSeverity.High,
        "Add the column without a default, SET DEFAULT for new rows, fill the old ones in batches.")
    {
        Judge = static context => [
            .. Because(context, RewriteCause.VolatileDefault, "its default differs from row to row"), .. Unknown(context),
        ],
    };

    public static RiskRule OldServerDefault { get; } = new(
        "add-column-default-pre-pg11", "Before PostgreSQL 11 any default rewrites the table", Rewrite, RiskSeverity.High,
        "Add the column without a default, SET DEFAULT in a second statement, fill the old rows in batches.")
    {
        Judge = static context => Because(context, RewriteCause.OldServer, "before PostgreSQL 11 a default is written into every row"),
    };

    public static RiskRule GeneratedStored { get; } = new(
        "add-column-generated-stored", "A stored generated column is computed for every row", Rewrite, RiskSeverity.High,
        "Add a plain column, fill it by a trigger for new rows and in batches for old ones; or compute it in a view.")
    {
        Judge = static context => Because(context, RewriteCause.StoredExpression, "a STORED expression is computed for every row"),
    };

    public static RiskRule Serial { get; } = new(
        "add-column-serial", "A serial column numbers every row", Rewrite, RiskSeverity.High,
        "Add a nullable integer, a sequence and SET DEFAULT; number the old rows in batches.")
    {
        Judge = static context => Because(context, RewriteCause.Serial, "a serial numbers every row"),
    };

    public static RiskRule Identity { get; } = new(
        "add-column-identity", "An identity column numbers every row", Rewrite, RiskSeverity.High,
        "Add a nullable integer, a sequence and SET DEFAULT; number the old rows in batches.")
    {
        Judge = static context => Because(context, RewriteCause.Identity, "an identity numbers every row"),
    };

    public static RiskRule ConstrainedDomain { get; } = new(
        "add-column-constrained-domain", "A domain with a CHECK or NOT NULL is tried on every row", Rewrite, RiskSeverity.High,
        "Add the column with the domain's base type and a CHECK NOT VALID, validated later.")
    {
        Judge = static context => Because(context, RewriteCause.ConstrainedDomain, "its domain has constraints, "
            + "which are tried on every row"),
    };

    private static IEnumerable<Hit> Because(StatementContext context, RewriteCause cause, string why) =>
        Cause(context) is { } found && found.Cause == cause
        ? [new($"Adding `{found.Column.Name}` rewrites {context.TableName} under ACCESS EXCLUSIVE: {why}.")]
        : [];

    private static IEnumerable<Hit> Unknown(StatementContext context) => Cause(context) is { Cause: RewriteCause.UnknownDefault } found
        ? [new($"Adding `{found.Column.Name}` rewrites {context.TableName} unless {Names.List(found.Column.Default!.Functions)} is STABLE "
            + "or IMMUTABLE, which the migrations do not tell.")
            { Severity = RiskSeverity.Medium, IsAssumed = true }]
        : [];

    private static (RewriteCause Cause, ColumnDefinition Column)? Cause(StatementContext context) =>
        context is { Addition.Rewrite: var cause, Action: AddColumn add } ? (cause, add.Definition) : null;
}
