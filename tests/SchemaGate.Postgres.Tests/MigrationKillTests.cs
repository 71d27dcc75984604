using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests;

/// <summary>
/// The command as a process of its own, killed at every boundary of a migration of ten statements, and ten of it at once.
/// </summary>
public sealed class MigrationKillTests : IDisposable
{
    private const int Statements = 10;
    private const int AtTheEnd = Statements + 1;
    private const string First = "20250101000000_begin";
    private const string Name = "20250102000000_ten";
    private const string Script = $"prisma/migrations/{Name}/migration.sql";
    private const string OneTransaction =
        "CREATE CONSTRAINT TRIGGER w AFTER INSERT ON steps DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();\n";

    private const string ByStatement = "CREATE INDEX CONCURRENTLY steps_number ON steps (number);\n";

    private const string Row = "SELECT finished_at IS NOT NULL, rolled_back_at IS NOT NULL FROM _prisma_migrations WHERE migration_name = '"
        + Name + "' ORDER BY started_at";

    private const string Waiting = """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND objid <= 11 AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private const string OfRun = "datname = current_database() AND application_name = 'schemagate' AND pid <> pg_backend_pid() AND "
        + "state <> 'idle'";

    private readonly string _root = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public static TheoryData<int> Boundaries => [.. Enumerable.Range(1, AtTheEnd)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>The last boundary is within COMMIT, in a deferred trigger.</summary>
    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task A_transaction_that_is_killed_leaves_nothing_or_all_and_what_is_printed_leads_to_the_end(int boundary)
    {
        await using TestDatabase database = await BeginAsync(OneTransaction);
        await KillAsync(database, boundary);
        bool committed = boundary == AtTheEnd;
        Assert.Equal([$"{committed}|False"], await database.QueryAsync(Row));
        Assert.Equal([committed ? "10" : "0"], await database.QueryAsync("SELECT count(*) FROM steps"));
        if (!committed)
        {
            string[] texts = await ExplainedAsync(database);
            Assert.All(
                texts[..1],
                text => Assert.Contains("in one transaction: if that ran it, nothing of it remains", text, StringComparison.Ordinal));
            await FollowAsync(database, texts, "If nothing of");
        }

        await EndedAsync(database);
    }

    /// <summary>The last boundary is the row's end in the history, which is locked.</summary>
    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task Statements_that_are_killed_leave_what_they_did_and_what_is_printed_leads_to_the_end(int boundary)
    {
        await using TestDatabase database = await BeginAsync(ByStatement);
        await KillAsync(database, boundary);
        bool finished = boundary == AtTheEnd;
        Assert.Equal([$"{finished}|False"], await database.QueryAsync(Row));
        // A statement that had reached the server ends there, whoever asked for it.
        int there = Math.Min(boundary, Statements);
        Assert.Equal([there.ToString(CultureInfo.InvariantCulture)], await database.QueryAsync("SELECT count(*) FROM steps"));
        if (!finished)
        {
            string[] texts = await ExplainedAsync(database);
            Assert.Contains("It runs statement by statement", texts[0], StringComparison.Ordinal);
            Assert.All(texts[..2], text => Assert.Contains("take that back", text, StringComparison.Ordinal));
            await FollowAsync(database, texts, await CompleteAsync(database, there));
        }

        await EndedAsync(database);
        Assert.Equal(["True"], await database.QueryAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = 'steps_number'::regclass"));
    }

    /// <summary>Its lock went with the connection that held it; its statement goes on.</summary>
    [Fact]
    public async Task A_session_that_outlives_its_run_is_named_and_nothing_is_resolved_before_it_has_ended()
    {
        await using TestDatabase database = await BeginAsync(ByStatement);
        await using NpgsqlConnection holder = await HoldAsync(database, 5);
        using Process run = await StartHeldAsync(database);
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        await database.UntilAsync(
            $"SELECT count(*) FROM pg_stat_activity WHERE {OfRun} AND xact_start < clock_timestamp() - interval '0.3 s'", "1");
        string process = Assert.Single(await database.QueryAsync($"SELECT pid FROM pg_stat_activity WHERE {OfRun}"));
        string named = $"Its session is still at work on the server: process {process}, its transaction open for ";
        Outcome migrate = await SayAsync(database, "migrate", _root);
        Assert.Contains(named, migrate.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"Next\n  psql -c 'SELECT pg_terminate_backend({process})'  # or wait until it has ended\n",
            migrate.Output,
            StringComparison.Ordinal);
        Outcome resolve = await SayAsync(database, "resolve", "--rolled-back", Name);
        Assert.Equal((1, true), (resolve.Code, resolve.Output.Contains(named, StringComparison.Ordinal)));
        Assert.Equal(["False|False"], await database.QueryAsync(Row));
        await ExecuteAsync(holder, "SELECT pg_advisory_unlock_all()");
        await database.UntilAsync($"SELECT count(*) FROM pg_stat_activity WHERE {OfRun}", "0");
        Assert.DoesNotContain("at work", (await SayAsync(database, "migrate", _root)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await SayAsync(database, "resolve", "--rolled-back", Name)).Code);
    }

    [Fact]
    public async Task Ten_commands_at_once_apply_each_migration_once()
    {
        await using TestDatabase database = await BeginAsync(OneTransaction);
        (int Code, string Text)[] ends = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(async _ => await Start(database, "--lock-timeout", "2m").EndAsync()));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Text));
        Assert.Equal(["True|False"], await database.QueryAsync(Row));
        Assert.Equal(["2|2"], await database.QueryAsync("SELECT count(*), sum(applied_steps_count) FROM _prisma_migrations"));
        Assert.Equal(["10"], await database.QueryAsync("SELECT count(*) FROM steps"));
    }

    [Fact]
    public async Task Sigterm_ends_the_statement_on_the_server_and_leaves_a_row_that_runs_again()
    {
        await using TestDatabase database = await BeginAsync(OneTransaction);
        await using NpgsqlConnection holder = await HoldAsync(database, 3);
        using Process run = await StartHeldAsync(database, "--report-file", Path.Combine(_root, "report"));
        using Process kill = Process.Start("kill", ["-TERM", run.Id.ToString(CultureInfo.InvariantCulture)]);
        (int code, string text) = await run.EndAsync();
        Assert.True(code == 130, text);
        Assert.Equal(["False|True"], await database.QueryAsync(Row));
        Assert.Contains("\"class\":\"Transient\",\"kind\":\"Canceled\"", await File.ReadAllTextAsync(
            Path.Combine(_root, "report"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ExecuteAsync(holder, "SELECT pg_advisory_unlock_all()");
        Assert.Equal(0, (await Start(database).EndAsync()).Code);
        Assert.Equal(["10"], await database.QueryAsync("SELECT count(*) FROM steps"));
    }

    /// <summary>Each statement waits for the lock of its number, and the transaction's end for the eleventh.</summary>
    private async Task<TestDatabase> BeginAsync(string first)
    {
        Write(
            "docs/DATABASE_SCHEMA_CHANGELOG.md",
            $"## Migrated\n\n### {First}\n\n- **Status:** MIGRATED\n\n### {Name}\n\n- **Status:** MIGRATED\n");
        Write($"prisma/migrations/{First}/migration.sql", $"""
            CREATE TABLE steps (number int);
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM pg_advisory_xact_lock_shared({AtTheEnd}); RETURN NULL; END $$;
            """);
        Write(Script, first + string.Concat(Enumerable.Range(1, Statements)
            .Select(number => $"INSERT INTO steps SELECT {number} FROM pg_advisory_xact_lock_shared({number});\n")));
        return await TestDatabase.CreateAsync();
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task KillAsync(TestDatabase database, int boundary)
    {
        bool isAtRow = boundary == AtTheEnd && IsByStatement;
        NpgsqlConnection holder = await HoldAsync(database, isAtRow ? Statements : boundary);
        using Process run = await StartHeldAsync(database);
        if (isAtRow)
        {
            await ExecuteAsync(holder, "BEGIN");
            await ExecuteAsync(holder, "LOCK TABLE _prisma_migrations IN EXCLUSIVE MODE");
            await ExecuteAsync(holder, "SELECT pg_advisory_unlock_all()");
            await database.UntilAsync("SELECT count(*) FROM pg_locks WHERE relation = '_prisma_migrations'::regclass AND NOT granted", "1");
        }

        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        await holder.DisposeAsync();
        await database.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = "
            + "'schemagate' AND pid <> pg_backend_pid()", "0");
    }

    private bool IsByStatement => File.ReadAllText(Path.Combine(_root, Script)).StartsWith(ByStatement, StringComparison.Ordinal);

    /// <summary>
    /// What a gate says, with files and without them, and what the next run says: each names the migration and both ways out.
    /// </summary>
    private async Task<string[]> ExplainedAsync(TestDatabase database)
    {
        Outcome[] said = [await SayAsync(
            database, "verify", _root), await SayAsync(database, "status"), await SayAsync(database, "migrate", _root)];
        Assert.All(said, one => Assert.True(one.Code == 1, one.All));
        Assert.All(said[..2], one => Assert.Contains("MigrationFailed", one.Output, StringComparison.Ordinal));
        Assert.Contains("It left no error: its process ended before it could.", said[2].Output, StringComparison.Ordinal);
        string[] texts = [.. said.Select(one => one.Output)];
        Assert.All(texts, text => Assert.Contains($"schemagate resolve --rolled-back {Name}", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Matches($"schemagate resolve (\\S+ )?--applied {Name}", text));
        return texts;
    }

    /// <summary>A part of it is there: even ones take that back, odd ones do the rest, by hand as they are told.</summary>
    /// <returns>The beginning of the line that they follow then.</returns>
    private static async Task<string> CompleteAsync(TestDatabase database, int there)
    {
        if (there % 2 == 0 && there < Statements)
        {
            await database.ExecuteAsync("DELETE FROM steps", "DROP INDEX steps_number");
            return "If nothing of";
        }

        await database.ExecuteAsync($"INSERT INTO steps SELECT generate_series({there + 1}, {Statements})");
        return "If all of it";
    }

    /// <summary>Pastes the commands of that line into a shell, one after the other.</summary>
    private static async Task FollowAsync(TestDatabase database, string[] texts, string line)
    {
        string next = Assert.Single(texts[0].Split('\n'), candidate => candidate.TrimStart().StartsWith(line, StringComparison.Ordinal));
        string[] commands = [.. next.Split('`').Where((_, index) => index % 2 == 1)];
        Assert.Equal(2, commands.Length);
        foreach (string command in commands)
        {
            (int code, string text) = await ProcessOf(database, "/bin/sh", "-c", command).EndAsync();
            Assert.True(code == 0, $"{command}: {text}");
        }
    }

    /// <summary>Nothing is lost, nothing was applied twice, nothing is left to do, and the gate is open.</summary>
    private async Task EndedAsync(TestDatabase database)
    {
        Assert.Equal("Nothing to do: all 2 migrations are applied.\n", (await SayAsync(database, "migrate", _root)).Output);
        Assert.Equal(0, (await SayAsync(database, "verify", _root)).Code);
        Assert.Equal(["10|10|55"], await database.QueryAsync("SELECT count(*), count(DISTINCT number), sum(number) FROM steps"));
    }

    private static Task<Outcome> SayAsync(TestDatabase database, params string[] command) =>
        new Schemagate { DatabaseUrl = database.UrlText() }.InvokeAsync(command, TestContext.Current.CancellationToken);

    /// <summary>A session that keeps runs from going past the statement of this number.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(TestDatabase database, int number)
    {
        NpgsqlConnection holder = await database.ConnectAsync();
        await ExecuteAsync(holder, $"SELECT pg_advisory_lock({number})");
        return holder;
    }

    /// <summary>A run that has come to where it is held.</summary>
    private async Task<Process> StartHeldAsync(TestDatabase database, params string[] more)
    {
        Process run = Start(database, more);
        await database.UntilAsync(Waiting, "1");
        return run;
    }

    private Process Start(TestDatabase database, params string[] more) =>
        ProcessOf(database, Path.Combine(AppContext.BaseDirectory, "schemagate"), ["migrate", _root, .. more]);

    private static Process ProcessOf(TestDatabase database, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
        {
            ["DATABASE_URL"] = database.UrlText(),
            ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}",
        },
        })!;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
