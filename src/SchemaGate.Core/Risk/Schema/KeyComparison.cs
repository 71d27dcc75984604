using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>
/// What an index's key takes for equal. Empty: what its column does. What it is else, equal texts are equal comparisons
/// (PostgreSQL documentation, 11.10, "Operator Classes and Operator Families").
/// </summary>
internal static class KeyComparison
{
    private static readonly string[] s_textTypes = ["text", "varchar"];

    /// <summary>
    /// Their `=` is the type's own: text is compared byte by byte also where a collation orders it, and one that takes other texts for
    /// equal is refused by the pattern classes.
    /// </summary>
    private static readonly string[] s_textClasses = ["text_ops", "varchar_ops", "text_pattern_ops", "varchar_pattern_ops"];

    /// <summary>Of any type of a kind, and so its default.</summary>
    private static readonly string[] s_anyClasses = ["array_ops", "enum_ops", "range_ops", "multirange_ops", "record_ops"];

    /// <param name="key">The key.</param>
    /// <param name="table">Its table as it is known; null where it is not.</param>
    public static string Of(IndexKey key, KnownTable? table) =>
        key is { Collation: null, OperatorClass: null } || IsOwn(key, key.Column is { } column ? table?.Column(column)?.Type : null)
            ? ""
            : $"{key.OperatorClass} {key.Collation}";

    private static bool IsOwn(IndexKey key, TypeName? type) => key is { Collation: null, OperatorClass: { } named }
        && (s_anyClasses.Contains(named) || (type is { ArrayDimensions: 0 } && type.Schema is null or "pg_catalog" && type.Name switch
        {
            _ when s_textTypes.Contains(type.Name) => s_textClasses.Contains(named),
            "bpchar" => named is "bpchar_ops" or "bpchar_pattern_ops",
            "smallserial" or "serial2" => named == "int2_ops",
            "serial" or "serial4" => named == "int4_ops",
            "bigserial" or "serial8" => named == "int8_ops",
            _ => named == $"{type.Name}_ops",
        }));
}
