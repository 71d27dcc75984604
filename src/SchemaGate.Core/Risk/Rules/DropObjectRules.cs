using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>DROP of what exists; what the same migration has made may go again.</summary>
internal static class DropObjectRules
{
    private const string Later = "Deploy code that does not use it first; drop it in a later release.";

    public static RiskRule DropsTable { get; } = new(
        "drop-table", "A table and its data are gone, and code that names it fails", DataLoss | BreaksApplication | Irreversible,
        RiskSeverity.High, "Deploy code that does not use it first; drop its foreign keys one by one, then the table, in a later release.")
    {
        Judge = static context =>
        [
            .. Dropped(context, ObjectKind.Table, ObjectKind.ForeignTable).Select(name => IfThere(
                context, name, $"Drops table {context.Name(name)} with its data; code that names it fails.{Parents(context, name)}")),
            .. OlderPartitions(context).Select(partition => new Hit(
                $"Drops table {context.Name(partition)}, a partition of what is dropped, with its data; code that names it fails.")),
        ],
    };

    public static RiskRule Cascade { get; } = new(
        "drop-cascade", "CASCADE drops whatever depends on it, which the text does not say", DataLoss, RiskSeverity.High,
        "Name what is to go, in statements of their own, without CASCADE.")
    {
        Judge = static context => IsCascade(context)
            ? [new("CASCADE also drops all that depends on it: views, foreign keys, columns; the text does not name them.")]
            : [],
    };

    public static RiskRule DropsSchema { get; } = new(
        "drop-schema", "A schema is gone", DataLoss, RiskSeverity.High, "Drop its tables one by one, when no code uses them.")
    {
        Judge = static context => Drop(context, ObjectKind.Schema) is { } drop
            ? [new($"Drops schema {Names.List(drop.Names.Select(name => name.Name))}.")]
            : [],
    };

    public static RiskRule DropsDatabase { get; } = new(
        "drop-database", "A database is gone", DataLoss, RiskSeverity.High, "Not in a migration.")
    {
        Judge = static context => Drop(context, ObjectKind.Database) is { } drop
            ? [new($"Drops database {Names.List(drop.Names.Select(name => name.Name))}.")]
            : [],
    };

    public static RiskRule DropsOwned { get; } = new(
        "drop-owned", "Everything that a role owns is gone", DataLoss, RiskSeverity.High, "REASSIGN OWNED, and drop by name.")
    {
        Judge = static context => context.Statement is DropOwned drop
            ? [new($"Drops everything that {Names.List(drop.Roles)} owns, whatever that is.")]
            : [],
    };

    public static RiskRule DropsView { get; } = new(
        "drop-view", "Code that reads the view fails", BreaksApplication, RiskSeverity.Medium, "CREATE OR REPLACE VIEW, "
            + "or create the new one first and drop the old one in a later release.")
    {
        Judge = static context => Dropped(context, ObjectKind.View).Where(name => !IsMadeAgain(context, name))
            .Select(name => IfThere(context, name, $"Drops view {context.Name(name)}: code that reads it fails.")),
    };

    public static RiskRule DropsMaterializedView { get; } = new(
        "drop-matview", "Code that reads the materialized view fails", BreaksApplication, RiskSeverity.Medium, "Create the new one under "
            + "another name first, and drop the old one in a later release.")
    {
        Judge = static context => Dropped(context, ObjectKind.MaterializedView).Where(name => !IsMadeAgain(context, name))
            .Select(name => IfThere(context, name, $"Drops materialized view {context.Name(name)}: code that reads it fails.")),
    };

    public static RiskRule DropsFunction { get; } = new(
        "drop-function", "Code that calls the function fails", BreaksApplication, RiskSeverity.Medium, Later)
    {
        Judge = static context => Drop(
            context, ObjectKind.Function, ObjectKind.Procedure, ObjectKind.Routine, ObjectKind.Aggregate) is { } drop
            ? drop.Names.Where(name => context.Schema.Function(name.Name) is not { } known || !context.Schema.IsNew(known.Made))
                .Select(name => IfThere(context, name, $"Drops function `{name}`: code that calls it fails."))
            : [],
    };

    public static RiskRule DropsTrigger { get; } = new(
        "drop-trigger", "What the trigger did is not done any more", BreaksApplication, RiskSeverity.Medium,
        "Deploy code that does it first.")
    {
        Judge = static context => Drop(context, ObjectKind.Trigger, ObjectKind.Rule) is { OnTable: { } table } drop
            && !context.Schema.IsExempt(table)
            ? drop.Names.Where(name => !context.NeverHad(drop, name) && !IsTriggerKept(context, drop.Kind, table, name.Name))
                .Select(name => new Hit($"Drops `{name.Name}` of {context.Name(table)}: what it did is not done any more."))
            : [],
    };

    public static RiskRule DropsSequence { get; } = new(
        "drop-sequence", "Code and defaults that number with it fail", BreaksApplication, RiskSeverity.Medium, Later)
    {
        Judge = static context => Dropped(context, ObjectKind.Sequence)
            .Select(name => IfThere(context, name, $"Drops sequence {context.Name(name)}: code that numbers with it fails.")),
    };

    public static RiskRule DropsExtension { get; } = new(
        "drop-extension", "Types, functions and operators of the extension are gone", BreaksApplication, RiskSeverity.Medium, Later)
    {
        Judge = static context => Drop(context, ObjectKind.Extension) is { } drop
            ? [new($"Drops extension {Names.List(drop.Names.Select(name => name.Name))} with its types and functions.")]
            : [],
    };

    private static DropObjects? Drop(StatementContext context, params ObjectKind[] kinds) =>
        context.Statement is DropObjects drop && kinds.Contains(drop.Kind) ? drop : null;

    private static IEnumerable<ObjectName> Dropped(StatementContext context, params ObjectKind[] kinds) =>
        Drop(context, kinds)?.Names.Where(name => !context.Schema.IsExempt(name)) ?? [];

    /// <summary>What stood before this migration made the table that it drops, and was attached to it.</summary>
    private static IEnumerable<ObjectName> OlderPartitions(StatementContext context) =>
        (Drop(context, ObjectKind.Table)?.Names ?? []).Where(context.Schema.IsExempt)
        .SelectMany(context.Schema.PartitionsOf).Where(partition => !context.Schema.IsNew(partition.Made))
        .Select(partition => partition.Name);

    private static bool IsCascade(StatementContext context) => context switch
    {
        { Statement: DropObjects { Cascade: true } drop } =>
            !drop.Names.All(name => context.Schema.IsExempt(name) || context.SeemsMissing(drop, name)),
        { Statement: DropOwned { Cascade: true } or AlterDomain { Cascade: true } } => true,
        { IsOnExisting: true, Action: DropColumn { Cascade: true } drop } =>
            !context.IsNewColumn(drop.Column) && !DropColumnRule.NeverWas(context, drop),
        { IsOnExisting: true, Action: DropConstraint { Cascade: true } drop } => !DropConstraintRule.NeverWas(context, drop),
        _ => false,
    };

    /// <summary>IF EXISTS of what no migration has made drops nothing, as far as anything tells; data is no matter for a guess.</summary>
    private static Hit IfThere(StatementContext context, ObjectName name, string message) =>
        context.Statement is DropObjects drop && context.SeemsMissing(drop, name)
        ? new($"{message} No migration has made it, so it may not be there.")
        {
            Severity = drop.Kind is ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.MaterializedView
                ? RiskSeverity.Medium
                : RiskSeverity.Low,
            IsAssumed = true,
        }
        : new(message);

    private static bool IsTriggerKept(StatementContext context, ObjectKind kind, ObjectName table, string name) =>
        context.Migration.Later.Drops(context, table)
        || (kind == ObjectKind.Trigger && context.Migration.Later.CreatesTrigger(context, table, name));

    private static bool IsMadeAgain(StatementContext context, ObjectName name) => context.Migration.Later.HasView(context, name);

    private static string Parents(StatementContext context, ObjectName name)
    {
        KnownTable? table = context.Schema.FindTable(name);
        string[] parents = [.. (table?.ForeignKeys ?? []).Select(key => context.Name(key.Table)).Distinct(StringComparer.Ordinal)];
        return parents.Length == 0 ? "" : $" Its foreign keys also lock {string.Join(", ", parents)} against reads and writes.";
    }
}
