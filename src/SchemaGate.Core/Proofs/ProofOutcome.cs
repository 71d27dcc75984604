namespace SchemaGate.Core.Proofs;

/// <summary>What pending migrations do to one statement shape.</summary>
public abstract record ProofOutcome
{
    private ProofOutcome()
    {
    }

    /// <summary>It means the same before and after, as far as the server tells without the shape's values.</summary>
    public sealed record Survives : ProofOutcome;

    /// <summary>A migration meets it.</summary>
    public abstract record Met(ProofPlace Place) : ProofOutcome;

    /// <summary>The server took it before and refuses it after.</summary>
    /// <param name="SqlState">The error's code (documentation, appendix A).</param>
    /// <param name="Message">The server's sentence.</param>
    public sealed record Broken(string SqlState, string Message, ProofPlace Place) : Met(Place);

    /// <summary>It runs, and returns other columns or takes other parameters: what the code makes of it is the code's.</summary>
    /// <param name="Differences">One sentence fragment each.</param>
    public sealed record Changed(IReadOnlyList<string> Differences, ProofPlace Place) : Met(Place)
    {
        /// <summary>Whether it returns more columns than before, and is the same otherwise.</summary>
        public bool AddsOnly { get; init; }
    }

    /// <summary>An INSERT without a list of columns, which writes its values into others than before.</summary>
    public sealed record Shifted(string Message, ProofPlace Place) : Met(Place);

    /// <summary>Nothing is known: the server did not take it before, or its values decide.</summary>
    public sealed record Unproven(string Why) : ProofOutcome
    {
        /// <summary>Whether more was known before the migrations.</summary>
        public bool IsAfter { get; init; }
    }
}

/// <summary>The statement of a migration that did it.</summary>
/// <param name="Statement">Its text; null where the migration as a whole did.</param>
/// <param name="Line">Of the migration's file, from 1.</param>
public sealed record ProofPlace(string Migration, string? Statement, int Line);
