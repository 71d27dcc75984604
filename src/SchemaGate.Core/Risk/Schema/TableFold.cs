using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>Tables, views and indexes that come into being.</summary>
internal static class TableFold
{
    public static KnownSchema Create(KnownSchema schema, CreateTable create)
    {
        ObjectName name = create.Persistence == Persistence.Temporary
            ? KnownSchema.ResolveTemporary(create.Table)
            : schema.Resolve(create.Table);
        if (create.IfNotExists && schema.Relations.ContainsKey(name))
        {
            return schema;
        }

        KnownTable table = new(name, schema.Now)
        {
            Persistence = create.Persistence,
            IsPartitioned = create.IsPartitioned,
            PartitionOf = create.PartitionOf is { } parent ? schema.Resolve(parent) : null,
            IsDefaultPartition = create.IsDefaultPartition,
            IsComplete = !create.AsQuery && create.OfType is null && create.PartitionOf is null && create.Inherits.Count == 0
                && !create.Like.Any(like => like.IncludingConstraints || like.IncludingIndexes),
        };
        IEnumerable<ObjectName> sources = [.. create.Inherits, .. create.Like.Select(like => like.Table), .. create.PartitionOf is { } from
            ? [from]
            : Array.Empty<ObjectName>()];
        table = sources.Aggregate(table, (made, source) => Copied(schema, made, schema.Table(source)));
        table = create.Columns.Aggregate(table, (made, column) => AddColumn(schema, made, column, isAllNull: false));
        return schema.With(create.Constraints.Aggregate(table, (made, constraint) => ConstraintFold.Add(schema, made, constraint)));
    }

    private static KnownTable Copied(KnownSchema schema, KnownTable table, KnownTable source) => table with
    {
        Columns = table.Columns.AddRange(source.Columns.Select(column => column with { Made = schema.Now })),
        IsComplete = table.IsComplete && source.IsComplete,
    };

    public static KnownTable AddColumn(KnownSchema schema, KnownTable table, ColumnDefinition definition, bool isAllNull)
    {
        if (table.IsFull)
        {
            return table with { IsComplete = false };
        }

        bool hasDefault = definition.Default is { IsNull: false } || definition.Generated is not null || definition.Identity is not null
            || definition.Type is { IsSerial: true };
        KnownColumn column = new(definition.Name, definition.Type, schema.Now)
        {
            NotNull = definition.NotNull || definition.Identity is not null || definition.Type is { IsSerial: true },
            HasDefault = hasDefault,
            Identity = definition.Identity,
            Generated = definition.Generated,
            IsAllNull = isAllNull && !hasDefault,
        };
        ImmutableArray<KnownColumn> others = table.Columns.RemoveAll(other => other.Name == column.Name);
        return definition.Constraints.Aggregate(
            table with { Columns = others.Add(column) }, (made, constraint) => ConstraintFold.Add(schema, made, constraint));
    }

    public static KnownSchema Create(KnownSchema schema, CreateIndex create)
    {
        string name = create.Name ?? $"{create.Table.Name}_{string.Join('_', create.Keys.Select(key => key.Column ?? "expr"))}_idx";
        KnownIndex index = new(name, [.. create.Keys.Select(key => key.Column)], create.Unique, schema.Now)
        {
            ExpressionColumns = [.. create.Keys.SelectMany(key => key.Expression?.Columns ?? []), .. create.Where?.Columns ?? []],
            Include = create.Include,
            HasWhere = create.Where is not null,
            NullsNotDistinct = create.NullsNotDistinct,
            Comparisons = [.. create.Keys.Select(key => KeyComparison.Of(key, schema.FindTable(create.Table)))],
        };
        return schema.Relations.GetValueOrDefault(schema.Resolve(create.Table)) switch
        {
            _ when create.IfNotExists && IsTaken(schema, schema.Resolve(create.Table) with { Name = name }) => schema,
            KnownView view => schema.With(view with { Indexes = view.Indexes.Add(index) }),
            KnownTable { IsFull: true } full => schema.With(full with { IsComplete = false }),
            _ => schema.With(schema.Table(create.Table) is var table ? table with { Indexes = table.Indexes.Add(index) } : null!),
        };
    }

    /// <summary>By any relation: with IF NOT EXISTS nothing is made then.</summary>
    private static bool IsTaken(KnownSchema schema, ObjectName name) =>
        schema.Relations.ContainsKey(name) || schema.Index(name) is not null;
}
