using System.Text.Json.Serialization;
using SchemaGate.Cli.Prove;

namespace SchemaGate.Cli.GoBack;

/// <summary>What <c>explain --to</c> says: its JSON shape, and what its printer prints.</summary>
/// <param name="Target"><c>deployment/shop</c>.</param>
/// <param name="To">As it was written.</param>
/// <param name="Result">safe, unsafe, held or unknown.</param>
/// <param name="Basis">proof, rules or history; null where it is held or unknown.</param>
/// <param name="Message">The answer in a sentence or three.</param>
/// <param name="Requires">The requirement that is gone back to, <c>gate=image</c>; null where there is no such workload or gate.</param>
/// <param name="Image">The image whose migrations the older code knows, by its digest where that is on record; null as before.</param>
/// <param name="Revisions">Those of the workload that are on record and require it, the newest first.</param>
/// <param name="Migrations">What the database has and the older code's set lacks, in order.</param>
/// <param name="Missing">Names of what it requires and the database lacks.</param>
/// <param name="Held">Whether the gate would hold it; null where nothing tells.</param>
/// <param name="Hold">That in a sentence; null where nothing tells.</param>
/// <param name="Newer">Statements that only newer code asks; null where nothing was proved.</param>
/// <param name="Statements">The proof; null where nothing was proved.</param>
/// <param name="Drifted">Statements that only a change by hand breaks; null where nobody looked.</param>
/// <param name="Notes">What else the reader should know, one sentence each.</param>
/// <param name="Next">What to do, one sentence each.</param>
internal sealed record GoBackReport(
    string Target, string Namespace, string To, string Result, string? Basis, string Message, string? Requires, string? Image,
    IReadOnlyList<GoBackRevision> Revisions, IReadOnlyList<GoBackMigration> Migrations, IReadOnlyList<string> Missing,
    bool? Held, string? Hold, int? Newer, ProveReport? Statements, IReadOnlyList<DriftedStatement>? Drifted,
    IReadOnlyList<string> Notes, IReadOnlyList<string> Next)
{
    [JsonIgnore]
    public int ExitCode => Result == "safe" ? ExitCodes.Open : ExitCodes.Blocked;

    /// <summary>Of what cannot be asked about.</summary>
    public static GoBackReport Unknown(string target, string ns, string to, string message) => new(
        target, ns, to, "unknown", null, message, null, null, [], [], [], null, null, null, null, null, [], []);
}

/// <summary>A revision on record.</summary>
/// <param name="Revision">Its number; null where nobody has counted it.</param>
/// <param name="Name">The ReplicaSet's or ControllerRevision's.</param>
internal sealed record GoBackRevision(long? Revision, string Name, string? Requires);

/// <summary>A migration that the database has and the older code's set lacks.</summary>
/// <param name="File">As one may open it; null where nobody has it.</param>
/// <param name="Risk">Breaks, Safe or Unknown, by its SQL and for older code alone.</param>
/// <param name="Message">Why, in a sentence or more; null where it is Safe.</param>
/// <param name="Broken">Statements that it was seen to break; null where nothing was proved.</param>
internal sealed record GoBackMigration(string Name, string? File, string Risk, string? Message, int? Broken);
