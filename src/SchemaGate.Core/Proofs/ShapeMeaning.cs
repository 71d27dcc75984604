namespace SchemaGate.Core.Proofs;

/// <summary>What a server makes of a statement shape that it takes.</summary>
/// <param name="Parameters">Their types, $1 first, as the server names them.</param>
/// <param name="Columns">What it returns; empty where it returns nothing.</param>
public sealed record ShapeMeaning(IReadOnlyList<string> Parameters, IReadOnlyList<ShapeColumn> Columns)
{
    /// <summary>Of an INSERT without a list of columns: those of its table, in their order; else empty.</summary>
    public IReadOnlyList<TargetColumn> Targets { get; init; } = [];

    /// <summary>
    /// Of an INSERT that cannot be tried: the columns of its table that must have a value and have no default, by their table.
    /// </summary>
    public IReadOnlyList<(string Table, TargetColumn Column)> Needed { get; init; } = [];

    /// <summary>Why an INSERT may not be tried, though it could; null where it may.</summary>
    public string? Untried { get; init; }

    /// <summary>Whether it was run, with stand-ins for its parameters, or at least planned.</summary>
    public bool WasTried { get; init; }

    /// <summary>How that failed; null where it did not.</summary>
    public ShapeError? Trial { get; init; }
}

/// <summary>A column that a statement returns.</summary>
/// <param name="TypeId">The type's number in the catalog: a type that was made anew under its old name has another.</param>
public sealed record ShapeColumn(string Name, string Type, uint TypeId);

/// <summary>A column of a table.</summary>
/// <param name="Number">Its number in the table, which stays when it is renamed.</param>
public sealed record TargetColumn(int Number, string Name);

/// <summary>A server's refusal.</summary>
/// <param name="SqlState">PostgreSQL documentation, appendix A.</param>
public sealed record ShapeError(string SqlState, string Message);

/// <summary>What a look at one shape has seen: a meaning, or why there is none.</summary>
public sealed record ShapeLook(ShapeMeaning? Meaning, ShapeError? Error)
{
    public ShapeLook(ShapeMeaning meaning)
        : this(meaning, Error: null)
    {
    }

    public ShapeLook(ShapeError error)
        : this(Meaning: null, error)
    {
    }
}
