using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>A column that leaves an enum for another type: the only way in which a value can go.</summary>
internal static class EnumSwap
{
    /// <summary>What the enum has that the other type lacks is noted on the enum, which is dropped later, under another name.</summary>
    public static KnownSchema After(KnownSchema schema, KnownTable table, AlterColumnType change)
    {
        if (table.Column(change.Column)?.Type is not { } type)
        {
            return schema.Type(change.Type) is KnownEnum ? schema with { UntoldSwap = schema.Now } : schema;
        }

        return schema.Type(type) is KnownEnum old && schema.Type(change.Type) != old
            ? schema.With(old with { Lost = [.. old.Lost, .. Lacking(old, change.Type, schema)] })
            : schema;
    }

    /// <summary>Text keeps every value; of any other type nobody can tell.</summary>
    private static IEnumerable<string> Lacking(KnownEnum old, TypeName type, KnownSchema schema)
    {
        IEnumerable<string> labels = old.Values.Select(value => value.Label);
        return schema.Type(type) switch
        {
            KnownEnum other => labels.Except(other.Values.Select(value => value.Label), StringComparer.Ordinal),
            null when type is { Name: "text" or "varchar" or "citext", Modifiers.Count: 0 } => [],
            _ => labels,
        };
    }
}
