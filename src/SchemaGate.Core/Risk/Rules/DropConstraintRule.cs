using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>A constraint, or a unique index as one, that goes and that nothing keeps up.</summary>
internal static class DropConstraintRule
{
    public static RiskRule DropConstraint { get; } = new(
        "drop-constraint", "What the constraint kept out may come in; a foreign key's drop locks both tables", BreaksApplication,
        RiskSeverity.Medium, "Do it alone, with a lock_timeout, when no code relies on it.")
    {
        Judge = static context => context switch
        {
            { IsOnExisting: true, Action: DropConstraint drop } when !IsNew(context, drop.Name) && !NeverWas(context, drop) =>
                Dropped(context, drop, context.Table.Constraint(drop.Name)?.Definition),
            { Statement: DropObjects { Kind: ObjectKind.Index } drop } => drop.Names.SelectMany(name => DroppedIndex(context, name)),
            _ => [],
        },
    };

    private static Hit[] DroppedIndex(StatementContext context, ObjectName name)
    {
        if (context.Schema.Index(name) is not { Owner: KnownTable table, Index: { Unique: true } index }
            || context.Schema.IsExempt(table.Name) || context.Schema.IsNew(index.Made))
        {
            return [];
        }

        UniqueConstraint was = Constraint(index);
        KnownTable? left = context.Migration.Later.After(context)?.FindTable(table.Name);
        IEnumerable<string> columns = index.Columns.OfType<string>().Concat(index.ExpressionColumns);
        if (GoesAnyway(context, table.Name, columns)
            || (index.IsPlainlyUnique && left is not null && Standing(left).Any(other => other.Definition is KeyConstraint key
                && !IsWeaker(was, key) && AreSame(was.Columns, key.Columns) == true)))
        {
            return [];
        }

        string what = $"the unique index `{index.Name}` of {context.Name(table.Name)}";
        return left?.Index(index.Name) is { Unique: true } other && !IsWeaker(index, other)
            ? [new($"Replaces {what}: what the old one kept out and the new one does not may come in.") { Severity = RiskSeverity.Low }]
            : [new($"Drops {what}: what it kept out may come in.")];
    }

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

    /// <summary>Of two with expressions nobody knows; what is outside of a WHERE may come in where it could not.</summary>
    private static bool IsWeaker(KnownIndex was, KnownIndex other) =>
        (was.IsPlainlyUnique && other.IsPlainlyUnique) || (!was.HasWhere && other.HasWhere);

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
            index.Name, Constraint(index), IsValid: true, index.Made)),
    ];

    private static UniqueConstraint Constraint(KnownIndex index) =>
        new([.. index.Columns.OfType<string>()]) { NullsNotDistinct = index.NullsNotDistinct };

    private static bool GoesAnyway(StatementContext context, DropConstraint drop, Constraint? old) =>
        (old is ForeignKeyConstraint key && context.Migration.Later.Drops(context, key.Table))
        || GoesAnyway(context, context.Table.Name, old is null ? [] : ActionFold.ColumnsOf(old))
        || (old is null && Later(context, context.Table.Name).Any(column =>
            drop.Name.StartsWith($"{context.Table.Name.Name}_{column}_", StringComparison.Ordinal)));

    /// <summary>With its table or one of its columns.</summary>
    private static bool GoesAnyway(StatementContext context, ObjectName table, IEnumerable<string> columns) =>
        context.Migration.Later.Drops(context, table) || Later(context, table).Intersect(columns, StringComparer.Ordinal).Any();

    /// <summary>Columns that the transaction drops.</summary>
    private static IEnumerable<string> Later(StatementContext context, ObjectName table) =>
        context.Migration.Later.Actions(context, table).OfType<DropColumn>().Select(drop => drop.Column);

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
