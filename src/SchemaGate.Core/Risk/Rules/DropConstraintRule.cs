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
        KnownTable? left = context.Migration.Later.After(context)?.FindTable(context.Table.Name);
        KnownConstraint[] others = [.. left is null ? [] : Standing(left).Where(other => !other.Definition.NotEnforced || IsIdle(old))];
        if (GoesAnyway(context, drop, old) || IsNotNullAnyway(left, old) || others.Any(other => Replaces(context, drop, old, other)))
        {
            return [];
        }

        string name = $"`{drop.Name}` of {context.TableName}";
        return old is null or CheckConstraint && others.Any(other => other.Definition is CheckConstraint && other.Name == drop.Name)
            ? [new($"Replaces {name}: what the old one kept out and the new one does not may come in.") { Severity = RiskSeverity.Low }]
            : [new($"Drops {name}: what it kept out may come in.{Parent(context, old)}")];
    }

    private static bool IsIdle(Constraint? old) => old is { NotEnforced: true };

    private static bool IsNew(StatementContext context, string name) =>
        context.Table.Constraint(name) is { } constraint && context.Schema.IsNew(constraint.Made);

    /// <summary>IF EXISTS, on a table of which all is known; a name that the server made up may be another than was guessed.</summary>
    public static bool NeverWas(StatementContext context, DropConstraint drop) =>
        drop.IfExists && context.IsKnownWhole && context.Table.Constraint(drop.Name) is null
        && !ConstraintFold.MayBeMadeUp(context.Table, drop.Name);

    /// <summary>The constraints, and as such the unique indexes of their own.</summary>
    private static IEnumerable<KnownConstraint> Standing(KnownTable table) =>
    [
        .. table.Constraints,
        .. table.Indexes.Where(index => index.IsPlainlyUnique && table.Constraint(index.Name) is null).Select(index => new KnownConstraint(
            index.Name,
            new UniqueConstraint([.. index.Columns.OfType<string>()]) { NullsNotDistinct = index.NullsNotDistinct },
            IsValid: true, index.Made)),
    ];

    private static bool GoesAnyway(StatementContext context, DropConstraint drop, Constraint? old) =>
        context.Migration.Later.Drops(context, context.Table.Name)
        || (old is ForeignKeyConstraint key && context.Migration.Later.Drops(context, key.Table))
        || context.Migration.Later.Actions(context).OfType<DropColumn>().Any(column => old is not null
            ? ActionFold.ColumnsOf(old).Contains(column.Column)
            : drop.Name.StartsWith($"{context.Table.Name.Name}_{column.Column}_", StringComparison.Ordinal));

    /// <summary>The CHECK was the proof with which its columns became NOT NULL.</summary>
    private static bool IsNotNullAnyway(KnownTable? left, Constraint? old) =>
        left is not null && old is CheckConstraint { Expression: { IsOnlyNotNull: true } says }
        && says.NotNullColumns.All(column => left.Column(column) is { NotNull: true });

    private static bool Replaces(StatementContext context, DropConstraint drop, Constraint? old, KnownConstraint other) =>
        (old, other.Definition) switch
        {
            (null, not CheckConstraint) => other.Name == drop.Name,
            (ForeignKeyConstraint was, ForeignKeyConstraint key) =>
                was.Columns == key.Columns && was.Table == key.Table
                && (was.ReferencedColumns == key.ReferencedColumns || was.ReferencedColumns.Count * key.ReferencedColumns.Count == 0),
            (KeyConstraint was, KeyConstraint key) => !IsWeaker(was, key) && (AreSame(was.Columns, key.Columns)
                ?? (context.Schema.IsInThisTransaction(other.Made) && (other.Name == drop.Name || AreBothPrimary(was, key)))),
            (CheckConstraint was, CheckConstraint check) => was.Fingerprint == check.Fingerprint && (was.NoInherit || !check.NoInherit),
            (ExclusionConstraint was, ExclusionConstraint exclusion) =>
                was.Columns == exclusion.Columns && other.Name == drop.Name && (was.Deferrable || !exclusion.Deferrable),
            _ => false,
        };

    /// <summary>A deferrable key is no key for ON CONFLICT, and lets in what is equal until the transaction ends.</summary>
    private static bool IsWeaker(KeyConstraint was, KeyConstraint key) =>
        (key.Deferrable && !was.Deferrable)
        || (was is UniqueConstraint { NullsNotDistinct: true } && key is UniqueConstraint { NullsNotDistinct: false });

    private static bool AreBothPrimary(KeyConstraint was, KeyConstraint key) => was is PrimaryKeyConstraint && key is PrimaryKeyConstraint;

    /// <summary>Null where no migration tells the columns of one, which took an index over.</summary>
    private static bool? AreSame(ValueList<string> columns, ValueList<string> others) =>
        columns.Count == 0 || others.Count == 0 ? null : columns.ToHashSet(StringComparer.Ordinal).SetEquals(others);

    private static string Parent(StatementContext context, Constraint? old) =>
        old is ForeignKeyConstraint key ? $" {context.Name(key.Table)} is locked, too." : "";
}
