namespace SchemaGate.Core.Rehearsals;

/// <summary>What the pending migrations make of the statements that running code uses, by count.</summary>
/// <param name="Proven">Prepared before and after, and return the same columns.</param>
/// <param name="Broken">Prepared before, and do not after, or write into other columns: the code that uses them fails.</param>
/// <param name="ResultChanged">Prepare after, too, and return other columns or take other parameters.</param>
/// <param name="Unproven">Did not prepare before, or were too many or too long to try: nothing is known of them.</param>
public sealed record RehearsedStatements(int Proven, int Broken, int ResultChanged, int Unproven)
{
    /// <summary>The first of those that are broken; the others are counted.</summary>
    public IReadOnlyList<BrokenStatement> First { get; init; } = [];

    /// <summary>The migrations that break one, in order; none where there was no room for all of them.</summary>
    public IReadOnlyList<string> BrokenBy { get; init; } = [];

    /// <summary>Why what is counted here is not all, in a sentence: nothing is proved then. Null where it is.</summary>
    public string? Unavailable { get; init; }

    internal bool IsWhole => First is not null && First.All(statement => statement is { Text: not null, Migration: not null })
        && BrokenBy is not null && BrokenBy.All(name => name is not null);

    /// <summary>The first broken one is kept the longest; a part of the migrations must not be taken for all of them.</summary>
    internal RehearsedStatements Shortened(int longest) => this with
    {
        First = [.. First.Take(int.Max(1, longest / 256)).Select(statement => statement with
        {
            Text = BoundedText.Of(statement.Text, longest),
            Message = BoundedText.OrNull(statement.Message, longest),
        })],
        BrokenBy = BrokenBy.Count > int.Max(1, longest / 64) ? [] : BrokenBy,
        Unavailable = BoundedText.OrNull(Unavailable, longest),
    };
}

/// <summary>A statement of running code that a pending migration breaks.</summary>
/// <param name="Text">On one line, shortened; constants are not in it.</param>
/// <param name="Calls">How often it was counted.</param>
/// <param name="Migration">The migration after which it does not prepare any more.</param>
public sealed record BrokenStatement(string Text, long Calls, string Migration)
{
    /// <summary>The line of the migration's statement that breaks it, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The server's error code (PostgreSQL documentation, appendix A).</summary>
    public string? SqlState { get; init; }

    /// <summary>The server's words.</summary>
    public string? Message { get; init; }
}
