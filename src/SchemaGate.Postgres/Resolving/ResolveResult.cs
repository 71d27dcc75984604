using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Resolving;

/// <summary>What a correction of the history came to: all of it, or nothing.</summary>
/// <param name="Resolutions">One for each migration that was meant, in order; empty where it failed.</param>
/// <param name="CreatesHistory">Whether the history table was not there.</param>
/// <param name="Failure">Why nothing was written; null when the history says now what was asked for.</param>
public sealed record ResolveResult(IReadOnlyList<Resolution> Resolutions, bool CreatesHistory, ApplyFailure? Failure)
{
    /// <summary>What stands in the database and no resolution mends, one sentence each: invalid indexes.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Nothing was written.</summary>
    public static ResolveResult Failed(ApplyFailure failure) => new([], CreatesHistory: false, failure);
}

/// <summary>What became of one migration's rows.</summary>
/// <param name="Sentence">For people; it begins with the migration's name.</param>
public sealed record Resolution(string Migration, ResolutionKind Kind, string Sentence);

/// <summary>What changed in the history.</summary>
public enum ResolutionKind
{
    /// <summary>Nothing: the history said so before.</summary>
    Unchanged,

    /// <summary>A row says now that the migration is applied.</summary>
    Applied,

    /// <summary>The failed rows are marked as rolled back.</summary>
    RolledBack,

    /// <summary>The applied rows have the file's checksum now.</summary>
    ChecksumAccepted,
}
