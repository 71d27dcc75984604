using System.Text.Json.Serialization;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Rehearsals;

/// <summary>One pending migration as it ran on a scratch database.</summary>
/// <param name="Observed">Its statements, as far as they ran.</param>
/// <param name="Duration">Of the whole; on a database without rows.</param>
/// <param name="Failure">Why it failed; null where it ran.</param>
/// <param name="Changes">What it changes in the catalog, one sentence each.</param>
/// <param name="Rollback">What came of its way back; null where nobody asked.</param>
public sealed record RehearsedMigration(
    ObservedMigration Observed, TimeSpan Duration, RehearsalFailure? Failure, IReadOnlyList<string> Changes, RollbackOutcome? Rollback)
{
    public string Name => Observed.Name;

    /// <summary>What the rules say of its text; null where it could not be judged.</summary>
    public MigrationRisk? Said { get; init; }

    /// <summary>Its locks, and about how long each lasts in the live database.</summary>
    public IReadOnlyList<HeldLock> Locks { get; init; } = [];

    /// <summary>Where the text said otherwise.</summary>
    public IReadOnlyList<SeenOtherwise> SeenOtherwise => Said is null || Failure is not null ? [] : SaidAndSeen.Compare(Said, Observed);

    public bool Fails => Failure is not null || Rollback is { Fails: true };
}

/// <summary>Why a migration failed on a scratch database; without credentials.</summary>
/// <param name="Message">With the place, and the server's words.</param>
/// <param name="Line">In the migration's file, from 1; null where it is about no statement.</param>
/// <param name="Statement">Its beginning on one line.</param>
/// <param name="SqlState">The server's error code (PostgreSQL documentation, appendix A).</param>
public sealed record RehearsalFailure(string Message, int? Line, int? Column, string? Statement, string? SqlState)
{
    /// <summary>Whether it would fail again: a scratch database that is lost says nothing of the migration.</summary>
    [JsonIgnore]
    public FailureClass Class { get; init; }
}
