using System.Globalization;

namespace SchemaGate.Core.Risk.Statements;

/// <summary>A data type as a statement names it.</summary>
/// <param name="Schema">Null for the built-in types and where the text names none.</param>
/// <param name="Name">In PostgreSQL's own spelling where the grammar knows the type: <c>int4</c> for INTEGER, <c>varchar</c>, <c>bpchar</c>
/// for CHAR, <c>timestamptz</c>, <c>numeric</c>.</param>
/// <param name="Modifiers">What stands in parentheses: <c>10, 2</c>. CHAR alone has 1; INTERVAL has its fields' mask before the
/// precision.</param>
/// <param name="ArrayDimensions">0 where it is no array.</param>
public sealed record TypeName(string? Schema, string Name, ValueList<string> Modifiers = default, int ArrayDimensions = 0)
{
    /// <summary>SMALLSERIAL, SERIAL, BIGSERIAL: an integer with NOT NULL and a sequence of its own.</summary>
    public bool IsSerial =>
        ArrayDimensions == 0 && Schema is null && Name is "smallserial" or "serial" or "bigserial" or "serial2" or "serial4" or "serial8";

    /// <summary>A modifier as a number; null where it is missing or none.</summary>
    public int? Modifier(int index) =>
        index < Modifiers.Count
        && int.TryParse(Modifiers[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;

    public override string ToString()
    {
        string modifiers = Modifiers.Count == 0 ? "" : $"({string.Join(',', Modifiers)})";
        return $"{(Schema is null ? "" : $"{Schema}.")}{Name}{modifiers}{string.Concat(Enumerable.Repeat("[]", ArrayDimensions))}";
    }
}
