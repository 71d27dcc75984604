using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.Applying;

/// <summary>What a run did.</summary>
/// <param name="Applied">What it applied, in order.</param>
/// <param name="AlreadyApplied">How many of the set's migrations were there before.</param>
/// <param name="Failure">Why it stopped; null when the database now has the whole set.</param>
public sealed record ApplyReport(IReadOnlyList<AppliedMigration> Applied, int AlreadyApplied, ApplyFailure? Failure)
{
    /// <summary>What it does not mend and is worth knowing, one sentence each: invalid indexes, edited and missing files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The names of what a run would apply, in order; null where this was no dry run.</summary>
    public IReadOnlyList<string>? Planned { get; init; }
}

/// <summary>One migration that this run applied.</summary>
public sealed record AppliedMigration(string Name, TimeSpan Duration);

/// <summary>Why a run stopped. Without credentials.</summary>
/// <param name="Kind">What to do about it depends on this.</param>
/// <param name="Message">What happened and what is left of it, in full sentences.</param>
/// <param name="NextCommands">Command lines for each way out, in the order to try them.</param>
public sealed record ApplyFailure(DatabaseFailure Kind, string Message, IReadOnlyList<string> NextCommands)
{
    /// <summary>
    /// Whether the same run may succeed later. A failed migration whose row stays unfinished stands in its own way: that is never
    /// Transient.
    /// </summary>
    public FailureClass Class { get; init; } = FailureClasses.Of(Kind);

    /// <summary>The migration that failed, or that stands in the way.</summary>
    public string? Migration { get; init; }

    /// <summary>Where in the migration's file, from 1; columns in UTF-16 code units.</summary>
    public int? Line { get; init; }

    public int? Column { get; init; }

    /// <summary>The failing statement's beginning, on one line.</summary>
    public string? Statement { get; init; }

    /// <summary>The server's error code (PostgreSQL documentation, appendix A).</summary>
    public string? SqlState { get; init; }

    /// <summary>
    /// The server's own sentence. Its DETAIL, which may quote rows, is only in the history's <c>logs</c>. Null also where the statement
    /// holds a credential, which it may quote.
    /// </summary>
    public string? ServerMessage { get; init; }

    public string? Hint { get; init; }

    /// <summary>Whether nothing of the failed migration remains; null where that is unknown.</summary>
    public bool? RolledBack { get; init; }

    /// <summary>Whether its row is marked as rolled back, so that the next run applies the migration from its beginning.</summary>
    public bool NextRun { get; init; }
}
