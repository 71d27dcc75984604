using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>What DROP takes away.</summary>
internal static class DropFold
{
    public static KnownSchema After(KnownSchema schema, DropObjects drop) => drop.Names.Aggregate(schema, (left, name) => drop.Kind switch
    {
        ObjectKind.Table or ObjectKind.ForeignTable => WithoutTable(left, left.Resolve(name)),
        ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence =>
            left with { Relations = left.Relations.Remove(left.Resolve(name)) },
        ObjectKind.Index => WithoutIndex(left, name),
        ObjectKind.Type or ObjectKind.Domain => WithoutType(left, name, drop.Cascade),
        ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine =>
            left with { Functions = left.Functions.Remove(left.Resolve(name)) },
        ObjectKind.Schema => WithoutSchema(left, name.Name),
        ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy when drop.OnTable is { } owner && left.FindTable(owner) is { } table =>
            left.With(table with { Attached = table.Attached.Remove((drop.Kind, name.Name)) }),
        _ => left,
    });

    /// <summary>Foreign keys that reference it go with CASCADE, and without it PostgreSQL refuses.</summary>
    private static KnownSchema WithoutTable(KnownSchema schema, ObjectName name)
    {
        KnownSchema left = schema.ReferencesTo(name).Where(reference => reference.Table.Name != name).Aggregate(schema, (rest, reference) =>
            rest.With(rest.Table(reference.Table.Name) is var table
                ? table with { Constraints = table.Constraints.Remove(reference.Constraint) }
                : null!));
        return left with { Relations = left.Relations.Remove(name).RemoveRange(SequencesOf(schema.FindTable(name))) };
    }

    /// <summary>A serial column's goes with it.</summary>
    private static IEnumerable<ObjectName> SequencesOf(KnownTable? table) =>
        table is null ? [] : table.Columns.Where(column => column.Type is { IsSerial: true })
            .Select(column => SchemaFold.Sequence(table.Name, column.Name));

    private static KnownSchema WithoutIndex(KnownSchema schema, ObjectName name) => schema.Index(name) switch
    {
        (KnownTable table, { } index) => schema.With(table with { Indexes = table.Indexes.Remove(index) }),
        (KnownView view, { } index) => schema.With(view with { Indexes = view.Indexes.Remove(index) }),
        _ => schema,
    };

    private static KnownSchema WithoutType(KnownSchema schema, ObjectName name, bool cascade)
    {
        KnownType? type = schema.Type(name);
        KnownSchema left = type is null ? schema : schema with { Types = schema.Types.Remove(type.Name) };
        return !cascade ? left : left.Tables.Where(table => table.Columns.Any(column => Is(column, name))).Aggregate(
            left, (rest, table) => rest.With(table with { Columns = [.. table.Columns.Where(column => !Is(column, name))] }));
    }

    private static bool Is(KnownColumn column, ObjectName type) =>
        column.Type is { } own && own.Name == type.Name && (own.Schema is null || type.Schema is null || own.Schema == type.Schema);

    private static KnownSchema WithoutSchema(KnownSchema schema, string name) => schema with
    {
        Relations = schema.Relations.RemoveRange(schema.Relations.Keys.Where(key => key.Schema == name)),
        Types = schema.Types.RemoveRange(schema.Types.Keys.Where(key => key.Schema == name)),
        Functions = schema.Functions.RemoveRange(schema.Functions.Keys.Where(key => key.Schema == name)),
    };
}
