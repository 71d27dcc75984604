using System.CommandLine;
using SchemaGate.Cli.Prove;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Proving;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.GoBack;

/// <summary>What the statements of running code tell of going back.</summary>
/// <param name="Report">As <c>prove</c> has it, of the migrations beyond the older code's; null where nothing could be proved.</param>
/// <param name="Newer">Statements that only the schema of today takes: newer code's, which go away with it.</param>
/// <param name="Since">When the server began to count; null where a file has the statements.</param>
/// <param name="Why">Why nothing could be proved, in a sentence; null where something was.</param>
internal sealed record GoBackProof(ProveReport? Report, int Newer, CountedSince? Since, string? Why)
{
    /// <summary>
    /// Statements that all schemas of the migrations take, and the database's own does not: something was changed by hand.
    /// </summary>
    public IReadOnlyList<DriftedStatement> Drifted { get; init; } = [];

    /// <summary>Why the statements tell nothing of what lies between, in a sentence; null where they do.</summary>
    public string? Gap { get; init; }

    /// <summary>Why the values decide that the older code writes, in a sentence; null where nobody sees that they do.</summary>
    public string? Undecided { get; init; }

    /// <summary>Why nobody knows of any, in a sentence; null where somebody looked.</summary>
    public string? DriftUnread { get; init; }

    /// <param name="migrations">What lies between.</param>
    /// <param name="database">Null where none is named.</param>
    /// <param name="early">Migrations that ran before the older code's time was over.</param>
    /// <param name="script">A migration's file by its name.</param>
    /// <param name="arguments">Say which statements, and where a scratch database may be made.</param>
    /// <param name="shell">The process's surroundings.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UsageException">What is named cannot be used.</exception>
    /// <exception cref="DatabaseException">It could not be tried now, and may be later.</exception>
    public static async Task<GoBackProof> RunAsync(
        GoBackMigrations migrations, GoBackDatabase? database, IReadOnlyList<Migration> early, Func<string, string> script,
        ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        bool isLive = arguments.GetValue(ShapeSource.Statements) == ShapeSource.Live;
        if (database is null && isLive)
        {
            return new(null, 0, null, $"No database is named (--database, {DatabaseOptions.Variable}), and no file of statements.");
        }

        if (migrations.Applied.Migrations.FirstOrDefault(migration => migration.Unjudged is not null) is { } unread)
        {
            return new(null, 0, null, $"{unread.Name} is not run in a scratch database: {unread.Unjudged}.");
        }

        try
        {
            ShapeReading reading = await ShapeSource.ReadAsync(arguments, shell, database?.Url, cancellation);
            DatabaseUrl server = (await ScratchServer.FindAsync(arguments, shell, cancellation))?.Parse() ?? database?.Url
                ?? throw new UsageException("Where may a scratch database be made? Name a server with --scratch.");
            SchemaBuilder builder = new(
                database is { Url: { HasSchema: true } live } ? server.WithSchema(live.Schema) : server,
                ScratchOptions.Default with { Like = database?.Url }, shell.Time);
            ProofRun.Refuse(migrations.Applied.Migrations);
            await using ScratchDatabase scratch = await builder.BuildAsync(migrations.Before, cancellation);
            SchemaFacts before = await SchemaFacts.ReadAsync(scratch.Url, cancellation);
            (Proof own, Proof proof, int newer) = await ProveAsync(scratch.Url, migrations.Beyond, reading.Shapes, cancellation);
            SchemaFacts after = await SchemaFacts.ReadAsync(scratch.Url, cancellation);
            GoBackReach reach = GoBackReach.Of(own, before.To(after));
            using DatabaseConnections connections = new(shell.Time);
            CountedSince? since = database is not null && isLive
                ? await CountedStatements.SinceAsync(
                    connections, database.Url, early, [.. migrations.Applied.Migrations.Except(early)], reach.Roles, cancellation)
                : null;
            GoBackProof found = new(ProveReport.Of(proof, reading, database?.Url.ToString(), script), newer, since, null)
            {
                Gap = reach.Gap,
                Undecided = reach.Undecided,
            };
            return await found.WithDriftAsync(proof, after, builder, database?.Url, migrations.Applied, shell.Time, cancellation);
        }
        catch (DatabaseException exception) when (IsPermanent(exception))
        {
            return new(null, 0, null, exception.Message);
        }
    }

    /// <summary>
    /// What the older schema does not take is not older code's. Of that, what the newer one takes is newer code's; of the rest nobody knows
    /// anything.
    /// </summary>
    private static async Task<(Proof Own, Proof All, int Newer)> ProveAsync(
        DatabaseUrl scratch, IReadOnlyList<Migration> beyond, IReadOnlyList<StatementShape> shapes, CancellationToken cancellation)
    {
        if (shapes.Count == 0)
        {
            Proof none = new([], [.. beyond.Select(migration => migration.Name)]);
            return (none, none, 0);
        }

        Proof before = await ProofRun.RunAsync(scratch, [], [], shapes, cancellation);
        Dictionary<StatementShape, ProvedShape> refused = before.Unproven.ToDictionary(shape => shape.Shape);
        Proof proof = await ProofRun.RunAsync(
            scratch, [], beyond, [.. shapes.Where(shape => !refused.ContainsKey(shape))], cancellation);
        Proof after = await ProofRun.RunAsync(scratch, [], [], [.. refused.Keys], cancellation);
        return (
            proof,
            proof with { Shapes = [.. proof.Shapes, .. after.Unproven.Select(shape => refused[shape.Shape])] },
            after.Surviving);
    }

    private async Task<GoBackProof> WithDriftAsync(
        Proof proof, SchemaFacts expected, SchemaBuilder builder, DatabaseUrl? live, MigrationSet applied, TimeProvider time,
        CancellationToken cancellation)
    {
        if (live is null)
        {
            return this with { DriftUnread = "No database is named." };
        }

        StatementShape[] kept = [.. proof.Shapes.Where(shape => shape.Outcome is ProofOutcome.Survives or ProofOutcome.Changed)
            .Select(shape => shape.Shape)];
        try
        {
            LiveLook look = await LiveShapes.LookAsync(builder, live, applied, kept, expected, time, cancellation);
            string[] refused = [.. look.Refused.Where(one => LiveLook.IsByValues(one.Error)).Select(one => one.Error.Message.TrimEnd('.'))];
            return this with
            {
                Drifted = [.. look.Refused.Where(one => !LiveLook.IsByValues(one.Error)).Select(one =>
                    new DriftedStatement(one.Shape.Text, one.Shape.Calls, one.Shape.Role, one.Error.SqlState,
                        $"It fails on the database's own schema: {one.Error.Message.TrimEnd('.')} ({one.Error.SqlState})."))],
                Undecided = Undecided ?? (look.Demands.Concat(refused).ToArray() is { Length: > 0 } demands
                    ? $"The values that its code writes decide, by what was changed by hand: {GoBackHold.Names(demands)}."
                    : null),
            };
        }
        catch (DatabaseException exception) when (IsPermanent(exception))
        {
            return this with { DriftUnread = exception.Message };
        }
    }

    private static bool IsPermanent(DatabaseException exception) =>
        new ApplyFailure(exception.Kind, exception.Message, []).Class == FailureClass.Permanent;
}

/// <summary>A statement that a change by hand breaks.</summary>
internal sealed record DriftedStatement(string Statement, long Calls, string? Role, string SqlState, string Message);
