using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Cli.Resolve;

/// <summary>What <c>resolve</c> did: its JSON shape, and what its printer prints.</summary>
/// <param name="Result">resolved, unchanged, planned (a dry run that would change something) or failed.</param>
/// <param name="From">Where the URL came from.</param>
/// <param name="Location"><c>host:port/database?schema=…</c>.</param>
/// <param name="CreatesHistory">Whether the history table was not there before.</param>
/// <param name="Migrations">One for each migration that was meant.</param>
internal sealed record ResolveReport(
    string Result, string From, string? Location, bool CreatesHistory, IReadOnlyList<ResolvedLine> Migrations, ResolveFailure? Failure)
{
    /// <summary>What stands in the database and no resolution mends, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static ResolveReport Of(ResolveResult result, DatabaseChoice choice, bool isDryRun) => new(
        result switch
        {
            { Failure: not null } => "failed",
            _ when result.Resolutions.All(resolution => resolution.Kind == ResolutionKind.Unchanged) => "unchanged",
            _ when isDryRun => "planned",
            _ => "resolved",
        },
        choice.From,
        choice.Location,
        result.CreatesHistory,
        [.. result.Resolutions.Select(resolution => new ResolvedLine(resolution.Migration, Word(resolution.Kind), resolution.Sentence))],
        result.Failure is null ? null : ResolveFailure.Of(result.Failure))
    {
        Notes = result.Notes,
    };

    private static string Word(ResolutionKind kind) => kind switch
    {
        ResolutionKind.Applied => "applied",
        ResolutionKind.RolledBack => "rolledBack",
        ResolutionKind.ChecksumAccepted => "checksumAccepted",
        _ => "unchanged",
    };
}

/// <summary>What became of one migration.</summary>
/// <param name="Change">applied, rolledBack, checksumAccepted or unchanged.</param>
internal sealed record ResolvedLine(string Name, string Change, string Message);

/// <summary>Why nothing was written.</summary>
/// <param name="Kind">The kind of failure, such as ResolveRefused, LockUnavailable or Unreachable.</param>
internal sealed record ResolveFailure(string Kind, string Message, string? SqlState)
{
    public static ResolveFailure Of(ApplyFailure failure) => new(failure.Kind.ToString(), failure.Message, failure.SqlState);
}
