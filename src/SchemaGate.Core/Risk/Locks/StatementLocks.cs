using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.Locks.ActionLocks;
using static SchemaGate.Core.Risk.Statements.LockMode;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>
/// The locks of a statement on what exists before its migration: nobody waits for a table that it has made itself, or for a temporary one.
/// PostgreSQL's conflicts between them are in its documentation, 13.3.1.
/// </summary>
internal static class StatementLocks
{
    /// <param name="action">The action of an ALTER TABLE that is asked about; null for other statements.</param>
    public static IReadOnlyList<TableLock> Of(Statement statement, TableAction? action, KnownSchema schema, int major)
    {
        IEnumerable<TableLock> locks = statement is AlterTable alter ? Altered(alter, action, schema, major) : Of(statement, schema);
        TableLock[] all = [.. locks.Select(held => held with { Table = schema.Resolve(held.Table) })
            .Where(held => !schema.IsExempt(held.Table))];
        return all.Length < 2 ? all : [.. all.GroupBy(held => held.Table)
            .Select(group => group.Aggregate((one, other) => one with
            {
                Mode = (LockMode)Math.Max((int)one.Mode, (int)other.Mode), Work = one.Work | other.Work,
                IsOther = one.IsOther && other.IsOther,
            }))];
    }

    private static IEnumerable<TableLock> Altered(AlterTable alter, TableAction? action, KnownSchema schema, int major)
    {
        if (action is null || alter.Kind is ObjectKind.Index or ObjectKind.Sequence or ObjectKind.Type)
        {
            return [];
        }

        KnownTable table = schema.Table(alter.Table);
        TableLock[] locks = [.. ActionLocks.Of(table, action, schema, major)];
        bool isOfOne = action is AttachPartition or DetachPartition || alter.Only;
        return locks.SelectMany(held => isOfOne || held.IsOther ? [held] : WithPartitions(held, schema));
    }

    /// <summary>A parent has no rows of its own: what is done, is done to its partitions, as far as they are known.</summary>
    private static List<TableLock> WithPartitions(TableLock root, KnownSchema schema)
    {
        List<TableLock> locks = [root];
        HashSet<ObjectName> seen = [root.Table];
        for (int index = 0; index < locks.Count; index++)
        {
            KnownTable[] partitions = [.. schema.PartitionsOf(locks[index].Table).Where(partition => seen.Add(partition.Name))];
            locks.AddRange(partitions.Select(partition => root with { Table = partition.Name }));
            locks[index] = partitions.Length == 0 ? locks[index] : locks[index] with { Work = LockWork.None };
        }

        return locks;
    }

    private static IEnumerable<TableLock> Of(Statement statement, KnownSchema schema) => statement switch
    {
        CreateTable create => Created(create, schema),
        CreateIndex create => Indexed(create, schema),
        DropObjects drop => Dropped(drop, schema),
        RenameObject { Kind: not (ObjectKind.Index or ObjectKind.Attribute) } rename when IsRelation(rename.OfKind)
            || IsRelation(rename.Kind) => [new(rename.Name, AccessExclusive)],
        SetSchema set when IsRelation(set.Kind) => [new(set.Name, AccessExclusive)],
        ChangeOwner change when IsRelation(change.Kind) => [new(change.Name, AccessExclusive)],
        TruncateTables truncate => [.. truncate.Tables.Select(table => new TableLock(table, AccessExclusive)), .. truncate.Cascade
            ? Children(truncate.Tables, schema)
            : []],
        ClusterTable { Table: { } table } => [new(table, AccessExclusive, LockWork.Rewrite)],
        VacuumTables vacuum => vacuum.Tables.Select(
            table => vacuum.Full ? new TableLock(table, AccessExclusive, LockWork.Rewrite) : new(table, ShareUpdateExclusive)),
        Reindex { Name: { } name } reindex => Reindexed(reindex, name, schema),
        RefreshMaterializedView refresh =>
            [new(refresh.Name, refresh.Concurrently ? Exclusive : AccessExclusive, LockWork.Rewrite.If(refresh.WithData))],
        CreateTrigger create => [new(create.Table, ShareRowExclusive)],
        CreateRule create => [new(create.Table, AccessExclusive)],
        CreatePolicy create => [new(create.Table, AccessExclusive)],
        AlterPolicy alter => [new(alter.Table, AccessExclusive)],
        LockTables locks => locks.Tables.Select(table => new TableLock(table, locks.Mode)),
        AlterDomain alter => Domain(alter, schema),
        CreatePublication create => create.Tables.Select(table => new TableLock(table, ShareUpdateExclusive)),
        CreateStatistics create => create.Tables.Select(table => new TableLock(table, ShareUpdateExclusive)),
        CommentOn { Kind: ObjectKind.Table or ObjectKind.Column, Name: { } name } => [new(name, ShareUpdateExclusive)],
        DataChange change =>
            [new(change.Table, RowExclusive), .. change.Changes.Select(inner => new TableLock(inner.Table, RowExclusive))],
        SelectQuery query => query.Changes.Select(inner => new TableLock(inner.Table, RowExclusive)),
        CopyData { IsFrom: true, Table: { } table } => [new(table, RowExclusive)],
        _ => [],
    };

    private static IEnumerable<TableLock> Created(CreateTable create, KnownSchema schema)
    {
        KnownTable? parent = create.PartitionOf is { } name ? schema.Table(name) : null;
        return
        [
            .. ParentsOf([.. create.Constraints, .. create.Columns.SelectMany(column => column.Constraints)], schema),
            .. create.Inherits.Select(inherited => Other(inherited, ShareUpdateExclusive)),
            .. create.Like.Select(like => Other(like.Table, AccessShare)),
            .. parent is null ? [] : (TableLock[])[Other(parent.Name, AccessExclusive), .. DefaultOf(parent, schema)],
        ];
    }

    private static IEnumerable<TableLock> Indexed(CreateIndex create, KnownSchema schema)
    {
        LockMode mode = create.Concurrently ? ShareUpdateExclusive : Share;
        TableLock own = new(schema.Resolve(create.Table), mode, LockWork.BuildIndex.If(!create.Only));
        return create.Only ? [own] : WithPartitions(own, schema);
    }

    private static IEnumerable<TableLock> Dropped(DropObjects drop, KnownSchema schema) => drop.Kind switch
    {
        ObjectKind.Table => drop.Names.SelectMany(name => DroppedTable(name, schema)),
        ObjectKind.ForeignTable or ObjectKind.View or ObjectKind.MaterializedView =>
            drop.Names.Select(name => new TableLock(name, AccessExclusive)),
        ObjectKind.Index => drop.Names.Select(name =>
            OfIndex(name, drop.Concurrently ? ShareUpdateExclusive : AccessExclusive, LockWork.None, schema)),
        ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy when drop.OnTable is { } table => [new(table, AccessExclusive)],
        _ => [],
    };

    private static IEnumerable<TableLock> DroppedTable(ObjectName name, KnownSchema schema) =>
    [
        new(name, AccessExclusive),
        .. schema.Table(name).ForeignKeys.Select(key => Other(key.Table, AccessExclusive)),
        .. schema.ReferencesTo(name).Select(reference => Other(reference.Table.Name, AccessExclusive)),
    ];

    private static IEnumerable<TableLock> Children(IEnumerable<ObjectName> tables, KnownSchema schema) =>
        tables.SelectMany(schema.ReferencesTo).Select(reference => Other(reference.Table.Name, AccessExclusive));

    private static IEnumerable<TableLock> Reindexed(Reindex reindex, ObjectName name, KnownSchema schema)
    {
        LockMode mode = reindex.Concurrently ? ShareUpdateExclusive : Share;
        return reindex.Target switch
        {
            ReindexTarget.Table => [new(name, mode, LockWork.BuildIndex)],
            ReindexTarget.Index => [OfIndex(name, mode, LockWork.BuildIndex, schema)],
            _ => [],
        };
    }

    private static TableLock OfIndex(ObjectName name, LockMode mode, LockWork work, KnownSchema schema) =>
        schema.Index(name) is { } known ? new(known.Owner.Name, mode, work) : new(name, mode, work) { IsOfIndex = true };

    /// <summary>The tables that use the domain are known only where a migration made them.</summary>
    private static IEnumerable<TableLock> Domain(AlterDomain alter, KnownSchema schema)
    {
        bool checks = alter.Action is DomainAction.SetNotNull or DomainAction.ValidateConstraint
            || alter is { Action: DomainAction.AddConstraint, Constraint.NotValid: false };
        return checks && schema.Type(alter.Domain) is { } domain
            ? schema.Tables.Where(table => table.Columns.Any(column => column.Type is { } type && schema.Type(type) == domain))
                .Select(table => Other(table.Name, Share, LockWork.Scan))
            : [];
    }

    private static bool IsRelation(ObjectKind kind) =>
        kind is ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.View or ObjectKind.MaterializedView;
}
