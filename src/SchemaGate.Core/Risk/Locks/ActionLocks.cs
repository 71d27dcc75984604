using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.Statements.LockMode;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>
/// What one action of ALTER TABLE locks, and what it does meanwhile (measured on 13 to 18; ALTER TABLE's documentation for the rest).
/// </summary>
internal static class ActionLocks
{
    public static IEnumerable<TableLock> Of(KnownTable table, TableAction action, KnownSchema schema, int major) => action switch
    {
        AddColumn add => Column(table, add.Definition, schema, major),
        DropColumn drop => [new(table.Name, AccessExclusive), .. Parents(table, key => key.Columns.Contains(drop.Column), AccessExclusive)],
        AlterColumnType change => Type(table, TypeChange.Of(table, change, schema)),
        SetNotNull set => [new(table.Name, AccessExclusive, NotNullProof.Exists(table, set.Column, major) ? LockWork.None : LockWork.Scan)],
        SetExpression set =>
            [new(table.Name, AccessExclusive, table.Column(set.Column)?.Generated is { Stored: false } ? LockWork.None : LockWork.Rewrite)],
        SetColumnStatistics or SetColumnOptions or ClusterOn => [new(table.Name, ShareUpdateExclusive)],
        AddConstraint add => Constraint(table, add.Constraint, schema),
        AlterConstraint { Enforce: true } enforce => Enforced(table, enforce),
        ValidateConstraint validate => Validated(table, validate),
        DropConstraint drop =>
            [new(table.Name, AccessExclusive), .. Parents(table, key => key == table.Constraint(drop.Name)?.Definition, AccessExclusive)],
        SetLogged { Logged: var logged } when table.Persistence == (logged ? Persistence.Permanent : Persistence.Unlogged)
            && table.Made != Moment.Before => [new(table.Name, AccessExclusive)],
        SetLogged or SetTablespace or SetAccessMethod => [new(table.Name, AccessExclusive, LockWork.Rewrite)],
        SetStorageParameters set => [new(
            table.Name, set.Parameters.Any(parameter => parameter.Name == "user_catalog_table") ? AccessExclusive : ShareUpdateExclusive)],
        AttachPartition attach => Attached(table, schema.Table(attach.Partition), schema),
        DetachPartition detach => Detached(table, schema.Table(detach.Partition), detach, schema, major),
        Inherit inherit => [new(table.Name, AccessExclusive), Other(schema.Resolve(inherit.Parent), ShareUpdateExclusive)],
        SetTrigger { IsRule: false } => [new(table.Name, ShareRowExclusive)],
        _ => [new(table.Name, AccessExclusive)],
    };

    public static IEnumerable<TableLock> ParentsOf(
        IEnumerable<Constraint> constraints, KnownSchema schema, LockWork work = LockWork.None) =>
        constraints.OfType<ForeignKeyConstraint>().Select(key => Other(schema.Resolve(key.Table), ShareRowExclusive, work));

    public static TableLock Other(ObjectName table, LockMode mode, LockWork work = LockWork.None) => new(table, mode, work, IsOther: true);

    private static IEnumerable<TableLock> Column(KnownTable table, ColumnDefinition column, KnownSchema schema, int major)
    {
        LockWork parents = ColumnAddition.HasValue(column) ? LockWork.Scan : LockWork.None;
        ColumnAddition addition = ColumnAddition.Of(column, schema, major);
        TableLock own = new(table.Name, AccessExclusive, addition.Work) { IsAssumed = addition.Rewrite == RewriteCause.UnknownDefault };
        return [own, .. ParentsOf(column.Constraints, schema, parents)];
    }

    private static IEnumerable<TableLock> Type(KnownTable table, TypeChange change)
    {
        return
        [
            new(table.Name, AccessExclusive, change.Work) { IsAssumed = change.Kind == TypeChangeKind.Unknown },
            .. change.ForeignKeys.Select(key => Other(key.OtherTable, AccessExclusive, key.IsChecked ? LockWork.Scan : LockWork.None)),
        ];
    }

    private static IEnumerable<TableLock> Constraint(KnownTable table, Constraint constraint, KnownSchema schema)
    {
        LockWork check = constraint.NotValid || constraint.NotEnforced ? LockWork.None : LockWork.Scan;
        return constraint switch
        {
            ForeignKeyConstraint key => [
                new(table.Name, ShareRowExclusive, check), .. ParentsOf([key], schema, LooksUp(table, key, schema) ? check : LockWork.None),
            ],
            KeyConstraint { UsingIndex: null } or ExclusionConstraint => [new(table.Name, AccessExclusive, LockWork.BuildIndex)],
            PrimaryKeyConstraint { UsingIndex: { } index } => [UsingIndex(table, index)],
            KeyConstraint => [new(table.Name, AccessExclusive)],
            _ => [new(table.Name, AccessExclusive, check)],
        };
    }

    /// <summary>A table of this migration, and a column that is NULL everywhere, have no keys to look up.</summary>
    private static bool LooksUp(KnownTable table, ForeignKeyConstraint key, KnownSchema schema) =>
        !schema.IsExempt(table.Name) && !key.Columns.All(column => table.Column(column) is { IsAllNull: true });

    private static TableLock UsingIndex(KnownTable table, string name)
    {
        string?[] columns = [.. table.Index(name)?.Columns ?? []];
        bool isKnown = columns.Length > 0 && columns.All(column => column is not null && table.Column(column) is { NotNull: not null });
        bool isNotNull = isKnown && columns.All(column => table.Column(column!) is { NotNull: true });
        return new TableLock(table.Name, AccessExclusive, isNotNull ? LockWork.None : LockWork.Scan) { IsAssumed = !isKnown };
    }

    private static IEnumerable<TableLock> Enforced(KnownTable table, AlterConstraint enforce) =>
        [new(table.Name, AccessExclusive, LockWork.Scan), .. Parents(
            table, key => key.Name == enforce.Name, ShareRowExclusive, LockWork.Scan)];

    private static IEnumerable<TableLock> Validated(KnownTable table, ValidateConstraint validate) =>
        [new(table.Name, ShareUpdateExclusive, LockWork.Scan), .. Parents(
            table, key => key == table.Constraint(validate.Name)?.Definition, RowShare)];

    private static IEnumerable<TableLock> Parents(
        KnownTable table, Func<ForeignKeyConstraint, bool> which, LockMode mode, LockWork work = LockWork.None) =>
        table.ForeignKeys.Where(which).Select(key => Other(key.Table, mode, work));

    /// <summary>A CHECK that says what the partition's bounds say spares the scan; which one it must be, the facts do not tell.</summary>
    private static IEnumerable<TableLock> Attached(KnownTable parent, KnownTable child, KnownSchema schema)
    {
        bool isChecked = child.Constraints.Any(constraint => constraint is { IsValid: true, Definition: CheckConstraint });
        return
        [
            new(parent.Name, ShareUpdateExclusive),
            Other(child.Name, AccessExclusive, isChecked ? LockWork.None : LockWork.Scan),
            .. DefaultOf(parent, schema),
        ];
    }

    public static IEnumerable<TableLock> DefaultOf(KnownTable parent, KnownSchema schema) =>
        schema.PartitionsOf(parent.Name).Where(partition => partition.IsDefaultPartition)
            .Select(partition => Other(partition.Name, AccessExclusive, LockWork.Scan));

    private static IEnumerable<TableLock> Detached(
        KnownTable parent, KnownTable child, DetachPartition detach, KnownSchema schema, int major)
    {
        LockMode own = detach.Concurrently || detach.Finalize ? ShareUpdateExclusive : AccessExclusive;
        LockMode partition = major < 14 ? ShareUpdateExclusive : AccessExclusive;
        return
        [
            new(parent.Name, own),
            Other(child.Name, partition),
            .. DefaultOf(parent, schema).Select(held => held with { Work = LockWork.None }),
        ];
    }
}
