namespace SchemaGate.Core.Risk.Statements;

/// <summary>How often PostgreSQL must evaluate an expression (documentation, 38.7), in rising order of doubt.</summary>
public enum Volatility
{
    /// <summary>Literals, and casts of literals.</summary>
    Constant,

    /// <summary>
    /// One value for the whole statement: built-in functions that are stable or immutable, operators, <c>CURRENT_TIMESTAMP</c>,
    /// <c>ARRAY[…]</c>; also anything of columns.
    /// </summary>
    Stable,

    /// <summary>It calls a function that is not built in, or holds what is not understood: nobody knows from the text.</summary>
    Unknown,

    /// <summary>
    /// Each row has a value of its own: <c>random()</c>, <c>gen_random_uuid()</c>, <c>nextval()</c>, <c>clock_timestamp()</c>.
    /// </summary>
    Volatile,
}

/// <summary>What matters of an expression: a default, a check, what USING computes.</summary>
/// <param name="Volatility">The most doubtful part counts.</param>
/// <param name="IsNull">It is the literal NULL, bare or cast.</param>
/// <param name="Functions">Names of called functions, each once; built-in ones without a schema.</param>
/// <param name="Columns">Names of columns that it refers to, each once, without their table.</param>
/// <param name="Casts">The types that it casts to, each once.</param>
/// <param name="NotNullColumns">Columns that it proves not to be null where it is true: <c>a IS NOT NULL</c> alone or among parts joined by
/// AND.</param>
/// <param name="CastColumn">The column, where the whole is one column with or without casts around it: then <paramref name="Casts"/> are
/// those, inner first.</param>
public sealed record Expression(
    Volatility Volatility,
    bool IsNull = false,
    ValueList<string> Functions = default,
    ValueList<string> Columns = default,
    ValueList<TypeName> Casts = default,
    ValueList<string> NotNullColumns = default,
    string? CastColumn = null)
{
    /// <summary>It says that <see cref="NotNullColumns"/> are not NULL, and nothing else.</summary>
    public bool IsOnlyNotNull { get; init; }
}
