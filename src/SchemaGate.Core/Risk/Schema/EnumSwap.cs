using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>A column that leaves an enum for another type: the only way in which a value can go. A domain counts as its base.</summary>
internal static class EnumSwap
{
    /// <summary>What the enum has that the other type lacks is noted on the enum, which is dropped later, under another name.</summary>
    public static KnownSchema After(KnownSchema schema, KnownTable table, AlterColumnType change)
    {
        KnownType? type = schema.BaseType(change.Type);
        if (table.Column(change.Column)?.Type is not { } was)
        {
            return type is KnownEnum ? schema with { UntoldSwap = schema.Now } : schema;
        }

        return schema.BaseType(was) is KnownEnum old && type != old
            ? schema.With(old with { Lost = [.. old.Lost, .. Lacking(old, change.Type, schema)] })
            : schema;
    }

    /// <summary>The column with its new type; one that leaves an enum for text takes the values along.</summary>
    public static KnownColumn After(KnownSchema schema, KnownColumn column, AlterColumnType change) => column with
    {
        Type = change.Type,
        LeftEnum = (column.Type is { } was ? schema.BaseType(was) : null, IsText(change.Type, schema)) switch
        {
            (KnownEnum old, true) => ([.. old.Values.Select(value => value.Label)], schema.Now),
            (_, true) => column.LeftEnum,
            _ => null,
        },
    };

    /// <summary>Values that the column took along into text in this migration, and that the enum which it enters now has not.</summary>
    public static IEnumerable<string> LostOnReturn(KnownSchema schema, KnownColumn? column, AlterColumnType change) =>
        column?.LeftEnum is { } left && schema.IsNew(left.At) && schema.BaseType(change.Type) is KnownEnum entered
        ? left.Values.Except(entered.Values.Select(value => value.Label), StringComparer.Ordinal)
        : [];

    /// <summary>Text keeps every value; of any other type nobody can tell.</summary>
    private static IEnumerable<string> Lacking(KnownEnum old, TypeName type, KnownSchema schema)
    {
        IEnumerable<string> labels = old.Values.Select(value => value.Label);
        return schema.BaseType(type) switch
        {
            KnownEnum other => labels.Except(other.Values.Select(value => value.Label), StringComparer.Ordinal),
            _ when IsText(type, schema) => [],
            _ => labels,
        };
    }

    private static bool IsText(TypeName type, KnownSchema schema) => schema.BaseType(type) is null
        && schema.Base(type) is { Name: "text" or "varchar" or "citext", Modifiers.Count: 0 };
}
