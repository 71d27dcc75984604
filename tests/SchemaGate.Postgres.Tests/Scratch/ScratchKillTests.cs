using System.Diagnostics;
using System.Globalization;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Scratch;

/// <summary>
/// The commands that make scratch databases as processes of their own, killed when they have just sent something, whatever that is: the
/// server does it all the same, and nobody is there any more to take it back. SCHEMAGATE_TEST_TURNS is how many turns are tried.
/// </summary>
public sealed class ScratchKillTests(OwnServer server) : IClassFixture<OwnServer>, IDisposable
{
    private const string Added = "20250401000000_added";

    /// <summary>128 and SIGKILL.</summary>
    private const int Killed = 137;

    private const string Unfinished = """
        SELECT datname FROM pg_database WHERE datname LIKE 'schemagate\_template\_%'
        AND coalesce(shobj_description(oid, 'pg_database'), '') NOT LIKE '%Last used at %'
        """;

    private const string Sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'schemagate' AND pid <> pg_backend_pid()";

    private static readonly int s_turns = int.TryParse(
        Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_TURNS"), CultureInfo.InvariantCulture, out int turns) ? turns : 6;

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Theory]
    [InlineData("rehearse")]
    [InlineData("rehearse", "--like", "live")]
    [InlineData("prove", "--statements", "STATEMENTS")]
    [InlineData("prove", "--statements", "STATEMENTS", "--like", "live")]
    [InlineData("diff", "--output", "sql")]
    public async Task Whenever_it_is_killed_the_next_one_does_its_work_and_leaves_nothing(string command, params string[] options)
    {
        await using TestDatabase live = await LiveAsync();
        string statements = _checkout.Write(
            "statements.sql", "SELECT note FROM orders WHERE id = $1; INSERT INTO orders (id) VALUES ($1);");
        string[] arguments = [command, _checkout.Root, .. options.Select(option => option == "STATEMENTS" ? statements : option)];
        (int turns, int code) = await RunAsync(live, arguments, dies: int.MaxValue);
        Outcome whole = await SayAsync(live, arguments);
        Assert.Equal((code, code), (whole.Code, code is 0 or 1 ? code : -1));
        foreach (int turn in Drawn(turns))
        {
            (int spoke, int ended) = await RunAsync(live, arguments, turn);
            // Whose last word is said may end before it dies.
            Assert.True(ended == Killed || (spoke <= turn && ended == code), $"{turn} of {turns}: it ended with {ended} at {spoke}");
            // What the killed one has just sent may still run.
            Outcome beside = await SayAsync(live, arguments);
            Assert.True((code, whole.Output) == (beside.Code, beside.Output), $"{turn} of {turns}, at once: {beside.All}");
            await live.UntilAsync(Sessions, "0");
            Outcome next = await SayAsync(live, arguments);
            Assert.True((code, whole.Output) == (next.Code, next.Output), $"{turn} of {turns}: {next.All}");
            Assert.Empty(await server.LeftAsync("schemagate_scratch_"));
            Assert.Empty(await live.QueryAsync(Unfinished));
        }
    }

    private static IEnumerable<int> Drawn(int turns) => s_turns >= turns
        ? Enumerable.Range(1, turns)
        : Enumerable.Range(0, s_turns).Select(part => Random.Shared.Next(turns * part / s_turns, turns * (part + 1) / s_turns) + 1);

    /// <summary>A run that has to build everything. How often it spoke to the server, and how it ended.</summary>
    private async Task<(int Turns, int Code)> RunAsync(TestDatabase live, string[] arguments, int dies)
    {
        foreach (string template in await server.LeftAsync("schemagate_template_"))
        {
            await server.ExecuteAsync($"DROP DATABASE {template} WITH (FORCE)");
        }

        using RoundTripRelay relay = new(new Uri(live.UrlText()));
        using Process run = new()
        {
            StartInfo = new(Path.Combine(AppContext.BaseDirectory, "schemagate"), arguments)
            {
                Environment = { ["DATABASE_URL"] = relay.Address.AbsoluteUri },
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            },
        };
        relay.AtTurn = turn =>
        {
            if (turn == dies)
            {
                run.Kill();
            }
        };
        run.Start();
        Task<string> output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(output, error);
        return (relay.RoundTrips, run.ExitCode);
    }

    private static Task<Outcome> SayAsync(TestDatabase live, string[] arguments) =>
        new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(arguments, TestContext.Current.CancellationToken);

    /// <summary>A database with the checkout's three migrations and an index that was made by hand; one is pending.</summary>
    private async Task<TestDatabase> LiveAsync()
    {
        TestDatabase live = await TestDatabase.CreateAsync(server.Url);
        Outcome outcome = await SayAsync(live, ["migrate", _checkout.Root]);
        Assert.True(outcome.Code == 0, outcome.All);
        await live.ExecuteAsync("CREATE INDEX by_hand ON orders (id, note)");
        _checkout.Migrate(Added, "ALTER TABLE orders ADD COLUMN more text; CREATE INDEX orders_more ON orders (more);");
        _checkout.Write(
            "docs/DATABASE_SCHEMA_CHANGELOG.md",
            $"## Migrated\n\n### {Added}\n\n- **Status:** MIGRATED\n- **Rollback:** `ALTER TABLE orders DROP COLUMN more;`\n");
        return live;
    }
}
