using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>A constraint that goes and that nothing keeps up.</summary>
internal static class DropConstraintRule
{
    public static RiskRule DropConstraint { get; } = new(
        "drop-constraint", "What the constraint kept out may come in; a foreign key's drop locks both tables", BreaksApplication,
        RiskSeverity.Medium, "Do it alone, with a lock_timeout, when no code relies on it.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DropConstraint drop } && !IsNew(context, drop.Name)
            && !NeverWas(context, drop)
            ? Dropped(context, drop, context.Table.Constraint(drop.Name)?.Definition)
            : [],
    };

    private static Hit[] Dropped(StatementContext context, DropConstraint drop, Constraint? old)
    {
        TableAction[] later = [.. context.Migration.Later.Actions(context)];
        Constraint[] others = [.. later.OfType<AddConstraint>().Select(add => add.Constraint), .. Standing(context.Table, drop.Name)];
        if (GoesAnyway(context, drop, old, later) || SaysNotNullAgain(context, old, later)
            || others.Any(other => Replaces(context, drop, old, other)))
        {
            return [];
        }

        string name = $"`{drop.Name}` of {context.TableName}";
        return others.Any(other => other is CheckConstraint && old is null or CheckConstraint && other.Name == drop.Name)
            ? [new($"Replaces {name}: what the old one kept out and the new one does not may come in.") { Severity = RiskSeverity.Low }]
            : [new($"Drops {name}: what it kept out may come in.{Parent(context, old)}")];
    }

    private static bool IsNew(StatementContext context, string name) =>
        context.Table.Constraint(name) is { } constraint && context.Schema.IsNew(constraint.Made);

    /// <summary>IF EXISTS, on a table of which all is known; a name that the server made up may be another than was guessed.</summary>
    public static bool NeverWas(StatementContext context, DropConstraint drop) =>
        drop.IfExists && context.IsKnownWhole && context.Table.Constraint(drop.Name) is null
        && (!drop.Name.StartsWith($"{context.Table.Name.Name}_", StringComparison.Ordinal)
            || context.Table.Constraints.All(constraint => constraint.Definition.Name is not null));

    /// <summary>The constraints that stay, and the unique indexes as such.</summary>
    private static IEnumerable<Constraint> Standing(KnownTable table, string dropped) =>
    [
        .. table.Constraints.Where(constraint => constraint.Name != dropped).Select(constraint => constraint.Definition),
        .. table.Indexes.Where(index => index.Name != dropped && index.IsPlainlyUnique)
            .Select(index => new UniqueConstraint([.. index.Columns.OfType<string>()])),
    ];

    private static bool GoesAnyway(StatementContext context, DropConstraint drop, Constraint? old, TableAction[] later) =>
        context.Migration.Later.Drops(context, context.Table.Name)
        || (old is ForeignKeyConstraint key && context.Migration.Later.Drops(context, key.Table))
        || later.OfType<DropColumn>().Any(column => old is not null
            ? ActionFold.ColumnsOf(old).Contains(column.Column)
            : drop.Name.StartsWith($"{context.Table.Name.Name}_{column.Column}_", StringComparison.Ordinal));

    /// <summary>The CHECK was the proof with which its columns became NOT NULL.</summary>
    private static bool SaysNotNullAgain(StatementContext context, Constraint? old, TableAction[] later) =>
        old is CheckConstraint { Expression: { IsOnlyNotNull: true } says } && says.NotNullColumns.All(column =>
            context.Table.Column(column) is { NotNull: true } || later.OfType<SetNotNull>().Any(set => set.Column == column));

    private static bool Replaces(StatementContext context, DropConstraint drop, Constraint? old, Constraint other) => (old, other) switch
    {
        (null, not CheckConstraint) => other.Name == drop.Name,
        (ForeignKeyConstraint was, ForeignKeyConstraint key) =>
            was.Columns == key.Columns && context.Schema.Resolve(was.Table) == context.Schema.Resolve(key.Table),
        (PrimaryKeyConstraint, PrimaryKeyConstraint { UsingIndex: not null }) => true,
        (KeyConstraint was, KeyConstraint key) => AreSame(was.Columns, ColumnsOf(context, key)),
        (CheckConstraint was, CheckConstraint check) => was.Fingerprint == check.Fingerprint,
        (ExclusionConstraint was, ExclusionConstraint exclusion) => was.Columns == exclusion.Columns && other.Name == drop.Name,
        _ => false,
    };

    /// <summary>Null where no migration tells the index.</summary>
    private static IEnumerable<string>? ColumnsOf(StatementContext context, KeyConstraint key) =>
        key.UsingIndex is { } index ? context.Table.Index(index)?.Columns.OfType<string>() : key.Columns;

    private static bool AreSame(ValueList<string> columns, IEnumerable<string>? others) =>
        others is null || columns.ToHashSet(StringComparer.Ordinal).SetEquals(others);

    private static string Parent(StatementContext context, Constraint? old) =>
        old is ForeignKeyConstraint key ? $" {context.Name(key.Table)} is locked, too." : "";
}
