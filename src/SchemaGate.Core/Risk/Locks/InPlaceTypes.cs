using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Locks;

/// <summary>The type changes that leave the rows as they are: those that PostgreSQL 13 to 18 made without a new relfilenode.</summary>
internal static class InPlaceTypes
{
    private const int WholeInterval = 0x7FFF;
    private const int FullPrecision = 6;

    public static bool IsInPlace(TypeName old, TypeName type, KnownSchema schema)
    {
        (TypeName from, TypeName to) = (Underlying(old, schema), Underlying(type, schema));
        if (IsConstrained(type, schema) && !IsSame(old, type))
        {
            return false;
        }

        if (from.ArrayDimensions > 0 || to.ArrayDimensions > 0)
        {
            return from.ArrayDimensions > 0 && to.ArrayDimensions > 0
                && (IsSame(from, to) || (IsText(from) && IsText(to) && to.Modifiers.Count == 0));
        }

        return IsSame(from, to) || (from.Name, to.Name) switch
        {
            ("varchar" or "text" or "citext", "text" or "citext") => true,
            ("varchar" or "text" or "citext", "varchar") => to.Modifier(0) is not { } most || from.Modifier(0) <= most,
            ("varbit", "varbit") => to.Modifier(0) is not { } most || from.Modifier(0) <= most,
            ("numeric", "numeric") => to.Modifiers.Count == 0 || IsWider(from, to),
            ("cidr", "inet") => true,
            ("time", "time") or ("timetz", "timetz") or ("timestamp", "timestamp") or ("timestamptz", "timestamptz") =>
                IsAsPrecise(from, to, 0),
            ("timestamp", "timestamptz") or ("timestamptz", "timestamp") => IsUtc(schema) && IsAsPrecise(from, to, 0),
            ("interval", "interval") => Fields(to) == WholeInterval && IsAsPrecise(from, to, 1),
            _ => false,
        };
    }

    /// <summary>No other built-in type becomes this one in place, whatever the old one was; a domain over it still may.</summary>
    public static bool AlwaysRewrites(TypeName type) =>
        type.Schema is null && type.ArrayDimensions == 0
        && type.Name is "json" or "jsonb" or "bpchar" or "uuid" or "float4" or "float8" or "money" or "xml";

    /// <summary>The rows stay, but an index of a column goes by another operator class (the citext extension's casts are binary).</summary>
    public static bool ChangesOrder(TypeName old, TypeName type, KnownSchema schema) =>
        Underlying(old, schema).Name == "citext" != (Underlying(type, schema).Name == "citext");

    private static TypeName Underlying(TypeName type, KnownSchema schema)
    {
        TypeName own = type;
        for (int depth = 0; depth < 32 && own.ArrayDimensions == 0 && schema.Type(own) is KnownDomain domain; depth++)
        {
            own = domain.Type;
        }

        return own;
    }

    private static bool IsConstrained(TypeName type, KnownSchema schema)
    {
        TypeName own = type;
        for (int depth = 0; depth < 32 && schema.Type(own) is KnownDomain domain; depth++)
        {
            if (domain.IsConstrained)
            {
                return true;
            }

            own = domain.Type;
        }

        return false;
    }

    private static bool IsSame(TypeName old, TypeName type) =>
        old with { ArrayDimensions = 0 } == type with { ArrayDimensions = 0 } && (old.ArrayDimensions > 0) == (type.ArrayDimensions > 0);

    private static bool IsText(TypeName type) => type.Name is "text" or "varchar";

    private static bool IsWider(TypeName old, TypeName type) =>
        old.Modifiers.Count > 0 && (old.Modifier(1) ?? 0) == (type.Modifier(1) ?? 0) && old.Modifier(0) <= type.Modifier(0);

    private static bool IsAsPrecise(TypeName old, TypeName type, int index) =>
        (old.Modifier(index) ?? FullPrecision) <= (type.Modifier(index) ?? FullPrecision);

    private static int Fields(TypeName type) => type.Modifier(0) ?? WholeInterval;

    /// <summary>The session's zone decides; without a SET in the migration it is the server's, and not known.</summary>
    private static bool IsUtc(KnownSchema schema) =>
        schema.Parameters.GetValueOrDefault("timezone") is { } zone && zone.ToUpperInvariant() is "UTC" or "GMT" or "ETC/UTC";
}
