using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Status;

/// <summary>What <c>status</c> says: its JSON shape, and what its printer prints.</summary>
/// <param name="Reason">Open where the history is readable and nothing is unfinished; else why not, as a gate would say.</param>
/// <param name="Location"><c>host:port/database?schema=…</c>.</param>
/// <param name="From">Where the URL came from.</param>
/// <param name="Identity">System identifier, database and schema; this and the next three are null where the database could not be
/// asked.</param>
/// <param name="History">By the time of their start; null where there is no history table, or none was read.</param>
internal sealed record StatusReport(
    string Reason,
    string Message,
    string From,
    string? Location,
    string? Identity,
    int? ServerVersion,
    bool? Standby,
    bool? RunInProgress,
    IReadOnlyList<HistoryLine>? History)
{
    /// <summary>The migrations that are not applied; null where none were compared, or the history is not known.</summary>
    public IReadOnlyList<string>? Pending { get; init; }

    /// <param name="evidence">The database.</param>
    /// <param name="choice">What was asked for.</param>
    /// <param name="now">The time.</param>
    /// <param name="files">The migrations that it is compared with; null for the history alone.</param>
    public static StatusReport Of(
        Evidence<DatabaseState> evidence, DatabaseChoice choice, DateTimeOffset now, Evidence<ChangelogEvidence>? files = null)
    {
        DatabaseState? state = (evidence as Evidence<DatabaseState>.Found)?.Value;
        Decision decision = Decide(evidence, now, files);
        return new(
            decision.Reason,
            decision.Reason == Reasons.Open && files is null ? OpenMessage(state!) : decision.Message,
            choice.From,
            choice.Location,
            state?.Identity.ToString(),
            state?.ServerVersion,
            state?.IsStandby,
            state?.RunInProgress,
            state?.History?.Rows.Select(row => HistoryLine.Of(row, state.RunInProgress)).ToList())
        {
            Pending = decision.Migrations?.Pending,
        };
    }

    /// <summary>The gate's judgement; with one witness only, the rules about files find nothing.</summary>
    private static Decision Decide(Evidence<DatabaseState> evidence, DateTimeOffset now, Evidence<ChangelogEvidence>? files)
    {
        ChangelogSource nothing = new(
            "", null, ChangelogSource.DefaultMigrations, TimeSpan.Zero, PlainHttp: false, RecordsThisDatabase: false);
        GateSpec spec = new(
            nothing, new DatabaseSource("", "", null, TimeSpan.Zero), null, NoChangelog.Of(new GatePolicy()), Enforcement.Observe,
            Suspend: false);
        return GateDecision.Decide(new GateInput(spec, [], files, evidence, null, [], GateMemory.None, now));
    }

    private static string OpenMessage(DatabaseState state)
    {
        string applied = state.History switch
        {
            null => "No migration has run here: there is no history yet, and no table.",
            { Applied.Count: 1 } => "1 migration is applied, none is unfinished.",
            var history => $"{history.Applied.Count} migrations are applied, none is unfinished.",
        };
        string[] unrecorded = state is { History: { Rows.Count: 0, Tool: var tool }, HasTables: true }
            && ToolGuide.Of(tool).Baseline is { } baseline
                ? [$"The schema has tables: if they are what the migrations build, record that first: `{baseline}`."]
                : [];
        return string.Join(' ', [applied, .. unrecorded, .. InvalidIndex.Sentences(state.InvalidIndexes)]);
    }
}

/// <summary>One row of the history.</summary>
/// <param name="State">applied, failed, running or rolledBack.</param>
/// <param name="Steps">How often a step was counted: Prisma writes 1 for an applied migration.</param>
/// <param name="Error">The first telling line of the row's log; the rest may quote data.</param>
internal sealed record HistoryLine(
    string Name, string State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? RolledBackAt, int Steps, string? Error)
{
    private const int LongestError = 300;

    private static readonly string[] Prologue =
    [
        "A migration failed to apply.", "Migration name:", "Database error code:", "Database error:",
    ];

    public static HistoryLine Of(HistoryRow row, bool isRunning) => new(
        row.Name,
        row.State switch
        {
            HistoryRowState.Applied => "applied",
            HistoryRowState.RolledBack => "rolledBack",
            _ => isRunning ? "running" : "failed",
        },
        row.StartedAt,
        row.FinishedAt,
        row.RolledBackAt,
        row.AppliedSteps,
        row.State == HistoryRowState.Applied ? null : Telling(row.Logs));

    /// <summary>The server's sentence begins with ERROR in Prisma's logs; in ours it follows what the row says already.</summary>
    private static string? Telling(string? logs)
    {
        List<string> lines = [.. (logs ?? "").Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !Prologue.Any(line.StartsWith))];
        string? line = lines.Find(line => line.StartsWith("ERROR:", StringComparison.Ordinal)) ?? lines.FirstOrDefault();
        return line is null ? null : BoundedText.Of(line, LongestError);
    }
}
