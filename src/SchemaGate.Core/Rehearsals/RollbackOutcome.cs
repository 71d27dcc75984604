namespace SchemaGate.Core.Rehearsals;

/// <summary>What came of the way back of one migration, tried behind it on a scratch database.</summary>
public abstract record RollbackOutcome
{
    private RollbackOutcome()
    {
    }

    /// <summary>Whether it was tried and is no way back.</summary>
    public bool Fails => this is Differs or Failed;

    /// <summary>What it cannot bring back though the catalog is what it was, one sentence each: no rows were there to be lost.</summary>
    public IReadOnlyList<string> Loses { get; init; } = [];

    /// <summary>The catalog is what it was before the migration.</summary>
    /// <param name="ByHand">What the entry leaves to people besides.</param>
    public sealed record AsItWas(IReadOnlyList<string> ByHand) : RollbackOutcome;

    /// <summary>It ran, and the catalog is another than before the migration.</summary>
    /// <param name="Differences">One sentence for each object.</param>
    /// <param name="ByHand">What the entry leaves to people, which may be what is missing.</param>
    public sealed record Differs(IReadOnlyList<string> Differences, IReadOnlyList<string> ByHand) : RollbackOutcome;

    /// <summary>One of its statements failed.</summary>
    /// <param name="Message">With the place in it, and the server's words.</param>
    /// <param name="Line">In the rollback's text, from 1; null where it is about no statement.</param>
    /// <param name="Statement">Its beginning on one line.</param>
    public sealed record Failed(string Message, int? Line, string? Statement) : RollbackOutcome;

    /// <summary>The entry has words, and no SQL.</summary>
    public sealed record WordsOnly : RollbackOutcome;

    /// <summary>Nobody wrote one.</summary>
    public sealed record Absent : RollbackOutcome;

    /// <summary>It was not tried.</summary>
    /// <param name="Why">A sentence's end.</param>
    public sealed record NotRun(string Why) : RollbackOutcome;
}
