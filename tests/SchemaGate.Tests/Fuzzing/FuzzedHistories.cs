using System.Text;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;
using SchemaGate.Tests.Gates;
using SchemaGate.Tests.Postgres;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>Histories as anyone may keep them who writes to a database, or is one. No row is of the migration that is required.</summary>
internal static class FuzzedHistories
{
    /// <summary>Stands in the name, and is the version, of every migration that is required, and in no file of the corpus.</summary>
    private const string Required = "77001122334455";

    private static readonly HistoryLimits s_limits = new() { Patience = TimeSpan.FromSeconds(5) };

    private static readonly List<ChangelogEvidence> s_images =
    [
        Image(MigrationTool.Prisma, "_a/migration.sql"), Image(MigrationTool.Flyway, "__a.sql", before: "V"),
        Image(MigrationTool.Liquibase, "_a.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1;"),
        Image(MigrationTool.EfCore, "_A.cs"), Image(MigrationTool.GolangMigrate, "_a.up.sql"),
        Image(MigrationTool.Goose, "_a.sql", "-- +goose Up\nSELECT 1;"), Image(MigrationTool.Dbmate, "_a.sql", "-- migrate:up\nSELECT 1;"),
        Image(MigrationTool.Rails, "_a.rb"),
        Image(MigrationTool.Alembic, "_a.py", $"revision = '{Required}'\ndown_revision = None\n", before: "versions/"),
        Image(MigrationTool.Django, "_a.py", "class Migration(migrations.Migration):\n    pass\n", before: "app/migrations/"),
        Image(MigrationTool.Knex, "_a.js", "exports.up = (knex) => 1;"),
        Image(MigrationTool.NodePgMigrate, "_a.js", "exports.up = (pgm) => 1;"), Image(MigrationTool.Sqlx, "_a.sql"),
    ];

    /// <summary>Rows in PostgreSQL's own messages: a history is read, or refused by the one exception of those who read it.</summary>
    public static void Rows(byte[] rows)
    {
        using HostileServer server = new(async (own, stream) => await stream.WriteAsync(rows, own.Ended)) { IsBrief = true };
        using DatabaseConnections connections = new(TimeProvider.System);
        try
        {
            Closed(new HistoryReader(connections, s_limits).ReadAsync(server.Url, CancellationToken.None).GetAwaiter().GetResult());
        }
        catch (DatabaseException exception)
        {
            Assert.DoesNotContain(exception.Message, char.IsControl);
        }
    }

    /// <summary>
    /// Rows in lines: whether it covers earlier ones, finished, was rolled back (three letters, + for yes), an error, and a name. Every
    /// tool finds in them what its history would call so.
    /// </summary>
    public static void Lines(byte[] text)
    {
        HistoryRow[] rows = [.. Mutator.Text(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Row)];
        foreach (ChangelogEvidence image in s_images)
        {
            // A tool that keeps its last version alone has applied what a later version covers.
            bool mayKeepLast = image.Migrations.Tool is MigrationTool.Flyway or MigrationTool.GolangMigrate;
            HistoryRow[] its = [.. rows.Select(row => row with { CoversEarlier = row.CoversEarlier && !mayKeepLast })];
            Closed(Given.State() with { History = new(its) { Tool = image.Migrations.Tool } }, image);
        }
    }

    private static void Closed(DatabaseState state) => Closed(state, s_images[0]);

    private static void Closed(DatabaseState state, ChangelogEvidence image)
    {
        Decision decision = GateDecision.Decide(Given.Input(image, state));
        bool isThere = state.History!.Rows.Any(
            row => row.State == HistoryRowState.Applied && row.Name.Contains(Required, StringComparison.Ordinal));
        Assert.True(decision.Verdict != Verdict.Open || isThere, $"{image.Migrations.Tool}: {decision.Reason} {decision.Message}");
    }

    private static HistoryRow Row(string line)
    {
        string[] parts = line.Split(' ', 3);
        (string flags, string logs, string name) = (parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
        return new(
            name, name, MigrationChecksum.Of(logs).Value, Given.Now, Is(1) ? Given.Now : null, Is(2) ? Given.Now : null, flags.Length, logs)
        {
            CoversEarlier = Is(0),
        };

        bool Is(int flag) => flags.ElementAtOrDefault(flag) == '+';
    }

    private static ChangelogEvidence Image(MigrationTool tool, string file, string content = "SELECT 1;", string before = "")
    {
        MigrationSet set = MigrationSet.Read(
            [new($"{before}{Required}{file}", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(content))], tool);
        ChangelogEvidence image = Given.Image([]) with
        {
            Document = Given.Image([.. set.Names]).Document,
            Migrations = set,
        };
        // What opens by its own row shows that nothing else keeps the gates of the targets closed.
        HistoryRow own = Given.Row("") with { Name = set.Migrations[0].Key };
        Decision decision = GateDecision.Decide(Given.Input(image, Given.State() with { History = new([own]) { Tool = tool } }));
        Assert.True(decision.Verdict == Verdict.Open, $"{tool}: {decision.Reason} {decision.Message}");
        return image;
    }
}
