using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SchemaGate.Postgres.Tests;

/// <summary>The command as a process of its own, killed at every boundary of a migration of ten statements, and ten of it at once.</summary>
public sealed class MigrationKillTests : IDisposable
{
    private const int Statements = 10;
    private const int AtTheEnd = Statements + 1;
    private const string Name = "20250102000000_ten";
    private const string Row = "SELECT finished_at IS NOT NULL, rolled_back_at IS NOT NULL FROM _prisma_migrations WHERE migration_name = '" + Name + "' ORDER BY started_at";

    private const string Waiting = """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND objid <= 11 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public static TheoryData<int> Boundaries => [.. Enumerable.Range(1, AtTheEnd)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>The last boundary is within COMMIT, in a deferred trigger.</summary>
    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task A_transaction_that_is_killed_leaves_nothing_or_all_and_the_way_out_leads_to_the_end(int boundary)
    {
        await using TestDatabase database = await BeginAsync("");
        await KillAsync(database, boundary);
        bool committed = boundary == AtTheEnd;
        Assert.Equal([$"{committed}|False"], await database.QueryAsync(Row));
        Assert.Equal([committed ? "10" : "0"], await database.QueryAsync("SELECT count(*) FROM steps"));
        await MendAsync(database, committed ? null : "--rolled-back");
        Assert.Equal(["10|10|55"], await database.QueryAsync("SELECT count(*), count(DISTINCT number), sum(number) FROM steps"));
    }

    /// <summary>The last boundary is the row's end in the history, which is locked.</summary>
    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task Statements_that_are_killed_leave_what_they_did_and_the_way_out_leads_to_the_end(int boundary)
    {
        await using TestDatabase database = await BeginAsync("VACUUM;\n");
        await KillAsync(database, boundary);
        bool finished = boundary == AtTheEnd;
        Assert.Equal([$"{finished}|False"], await database.QueryAsync(Row));
        // A statement that had reached the server ends there, whoever asked for it.
        int there = Math.Min(boundary, Statements);
        Assert.Equal([there.ToString(CultureInfo.InvariantCulture)], await database.QueryAsync("SELECT count(*) FROM steps"));
        if (!finished)
        {
            await database.ExecuteAsync($"INSERT INTO steps SELECT generate_series({there + 1}, {Statements})");
        }

        await MendAsync(database, finished ? null : "--applied");
        Assert.Equal(["10|10|55"], await database.QueryAsync("SELECT count(*), count(DISTINCT number), sum(number) FROM steps"));
    }

    [Fact]
    public async Task Ten_commands_at_once_apply_each_migration_once()
    {
        await using TestDatabase database = await BeginAsync("");
        (int Code, string Text)[] ends = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => await EndAsync(Start(database, "--lock-timeout", "2m"))));
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Text));
        Assert.Equal(["True|False"], await database.QueryAsync(Row));
        Assert.Equal(["2|2"], await database.QueryAsync("SELECT count(*), sum(applied_steps_count) FROM _prisma_migrations"));
        Assert.Equal(["10"], await database.QueryAsync("SELECT count(*) FROM steps"));
    }

    [Fact]
    public async Task Sigterm_ends_the_statement_on_the_server_and_leaves_a_row_that_runs_again()
    {
        await using TestDatabase database = await BeginAsync("");
        await using NpgsqlConnection holder = await database.ConnectAsync();
        await ExecuteAsync(holder, "SELECT pg_advisory_lock(3)");
        using Process run = Start(database, "--report-file", Path.Combine(_root, "report"));
        await database.UntilAsync(Waiting, "1");
        using Process kill = Process.Start("kill", ["-TERM", run.Id.ToString(CultureInfo.InvariantCulture)]);
        (int code, string text) = await EndAsync(run);
        Assert.True(code == 130, text);
        Assert.Equal(["False|True"], await database.QueryAsync(Row));
        Assert.Contains("\"class\":\"Transient\",\"kind\":\"Canceled\"", await File.ReadAllTextAsync(Path.Combine(_root, "report"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ExecuteAsync(holder, "SELECT pg_advisory_unlock_all()");
        Assert.Equal(0, (await EndAsync(Start(database))).Code);
        Assert.Equal(["10"], await database.QueryAsync("SELECT count(*) FROM steps"));
    }

    /// <summary>Each statement waits for the lock of its number, and the transaction's end for the eleventh.</summary>
    private async Task<TestDatabase> BeginAsync(string first)
    {
        Write("20250101000000_begin", $"""
            CREATE TABLE steps (number int);
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared({AtTheEnd}); RETURN NULL; END $$;
            """);
        string last = first.Length > 0 ? "" : "CREATE CONSTRAINT TRIGGER w AFTER INSERT ON steps DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();\n";
        Write(Name, first + last + string.Concat(Enumerable.Range(1, Statements).Select(number => $"INSERT INTO steps SELECT {number} FROM pg_advisory_xact_lock_shared({number});\n")));
        return await TestDatabase.CreateAsync();
    }

    private void Write(string name, string sql)
    {
        string directory = Path.Combine(_root, "prisma", "migrations", name);
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "migration.sql"), sql);
    }

    private async Task KillAsync(TestDatabase database, int boundary)
    {
        NpgsqlConnection holder = await database.ConnectAsync();
        bool isAtRow = boundary == AtTheEnd && IsByStatement;
        await ExecuteAsync(holder, $"SELECT pg_advisory_lock({(isAtRow ? Statements : boundary)})");
        using Process run = Start(database);
        await database.UntilAsync(Waiting, "1");
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
        await database.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'schemagate' AND pid <> pg_backend_pid()", "0");
    }

    private bool IsByStatement => File.ReadAllText(Path.Combine(_root, "prisma", "migrations", Name, "migration.sql")).StartsWith("VACUUM", StringComparison.Ordinal);

    /// <summary>What the next run prints is done, if there is something to be done, and the run after it ends well.</summary>
    private async Task MendAsync(TestDatabase database, string? way)
    {
        (int code, string text) = await EndAsync(Start(database));
        if (way is null)
        {
            Assert.True(code == 0, text);
            return;
        }

        Assert.Equal(1, code);
        Assert.Contains("It left no error: its process ended before it could.", text, StringComparison.Ordinal);
        Assert.Contains($"schemagate resolve {way} {Name}", text, StringComparison.Ordinal);
        // As `prisma migrate resolve` does.
        await database.ExecuteAsync("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL");
        if (way == "--applied")
        {
            await database.ExecuteAsync("INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, logs) SELECT gen_random_uuid(), checksum, migration_name, now(), '' FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL");
        }

        Assert.Equal(0, (await EndAsync(Start(database))).Code);
    }

    private Process Start(TestDatabase database, params string[] more) => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "schemagate"), ["migrate", _root, .. more])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        Environment = { ["DATABASE_URL"] = database.UrlText() },
    })!;

    private static async Task<(int Code, string Text)> EndAsync(Process process)
    {
        using Process run = process;
        Task<string> output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (run.ExitCode, await output + await error);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
