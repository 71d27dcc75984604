using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>Types as statements name them, in the words of the server's format_type.</summary>
internal static class FoldedType
{
    /// <summary>What the catalog has, without quotation marks.</summary>
    public static string? Plain(string? type) => type?.Replace("\"", "", StringComparison.Ordinal);

    /// <summary>Null where the text does not tell: types of extensions, intervals of fields.</summary>
    public static string? Of(TypeName type, KnownSchema schema)
    {
        string? single = Single(type with { ArrayDimensions = 0 }, schema);
        return single is null || type.ArrayDimensions == 0 ? single : $"{single}[]";
    }

    private static string? Single(TypeName type, KnownSchema schema)
    {
        if (type.Schema is null or "pg_catalog" && schema.Type(type) is null && BuiltIn(type) is { } builtIn)
        {
            return builtIn;
        }

        KnownType[] own = [.. schema.Types.Values.Where(
            known => known.Name.Name == type.Name && (type.Schema is null || known.Name.Schema == type.Schema))];
        return own is [var only] && type.Modifiers.Count == 0 ? $"{only.Name.Schema}.{only.Name.Name}" : null;
    }

    private static string? BuiltIn(TypeName type) => (type.Name, type.Modifiers.Count) switch
    {
        ("int2" or "smallserial" or "serial2", 0) => "smallint",
        ("int4" or "serial" or "serial4", 0) => "integer",
        ("int8" or "bigserial" or "serial8", 0) => "bigint",
        ("float4", 0) => "real",
        ("float8", 0) => "double precision",
        ("bool", 0) => "boolean",
        ("varchar", _) => $"character varying{Modifiers(type)}",
        ("bpchar", 1) => $"character{Modifiers(type)}",
        ("numeric", 0) => "numeric",
        ("numeric", 1) => $"numeric({type.Modifiers[0]},0)",
        ("numeric", 2) => $"numeric({type.Modifiers[0]},{type.Modifiers[1]})",
        ("timestamp", _) => $"timestamp{Modifiers(type)} without time zone",
        ("timestamptz", _) => $"timestamp{Modifiers(type)} with time zone",
        ("time", _) => $"time{Modifiers(type)} without time zone",
        ("timetz", _) => $"time{Modifiers(type)} with time zone",
        ("interval" or "text" or "json" or "jsonb" or "uuid" or "date" or "bytea" or "inet" or "cidr" or "macaddr" or "money" or "xml"
            or "tsvector" or "tsquery" or "point" or "oid" or "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange"
            or "daterange", 0) => type.Name,
        _ => null,
    };

    private static string Modifiers(TypeName type) => type.Modifiers.Count == 0 ? "" : $"({string.Join(',', type.Modifiers)})";
}
