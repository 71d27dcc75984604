using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary><c>schemagate rehearse --report-file --statements</c>: what a gate learns by its rehearsal's last words.</summary>
public sealed class RehearsalFileTests : IDisposable
{
    private const string Added = "20250401000000_added";

    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task The_statements_that_break_are_told_beside_the_rehearsal()
    {
        await using TestDatabase live = await LiveAsync();
        _checkout.Migrate(Added, "SELECT 1;\nALTER TABLE orders DROP COLUMN note;");
        _checkout.Write("used.sql", "SELECT id FROM orders; SELECT note FROM orders WHERE id = $1; SELECT nothing FROM orders;");
        (Outcome outcome, RehearsalReport report) = await RehearseAsync(live, "--statements", Path.Combine(_checkout.Root, "used.sql"));
        Assert.Equal(1, outcome.Code);
        Assert.Equal((Added, "AccessExclusive", "public.orders"), (report.Migrations[0].Name, report.Migrations[0].Lock,
            report.Migrations[0].Relation));
        RehearsedStatements statements = report.Statements!;
        Assert.Equal((1, 1, 1), (statements.Proven, statements.Broken, statements.Unproven));
        BrokenStatement broken = Assert.Single(statements.First);
        Assert.Equal(
            ("SELECT note FROM orders WHERE id = $1", Added, 2, "42703"),
            (broken.Text, broken.Migration, broken.Line, broken.SqlState));
        Assert.Equal([Added], statements.BrokenBy);
        Assert.Contains("1 broken", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_counts_no_statements_is_rehearsed_all_the_same_and_that_is_said()
    {
        await using TestDatabase live = await LiveAsync();
        _checkout.Migrate(Added, "CREATE TABLE more (id int);");
        (Outcome outcome, RehearsalReport report) = await RehearseAsync(live, "--statements", "live");
        Assert.True(outcome.Code == 0, outcome.All);
        Assert.Equal((1, null), (report.Count, report.Failure));
        Assert.Contains("pg_stat_statements", report.Statements!.Unavailable, StringComparison.Ordinal);
        Assert.Contains("Statements were not proved", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_is_told_with_its_place()
    {
        await using TestDatabase live = await LiveAsync();
        _checkout.Migrate(Added, "SELECT 1;\nALTER TABLE nothing ADD COLUMN a int;");
        (_, RehearsalReport report) = await RehearseAsync(live, "--statements", "live");
        RunFailure failure = report.Failure!;
        Assert.Equal((Added, 2, "42P01", FailureClass.Permanent), (failure.Migration, failure.Line, failure.SqlState, failure.Class));
        Assert.Equal((0, null), (report.Count, report.Statements));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_in_is_told_too()
    {
        await using TestDatabase live = await LiveAsync();
        _checkout.Migrate(Added, "SELECT 1;");
        (Outcome outcome, RehearsalReport report) = await RehearseAsync(live, "--scratch", "postgresql://nobody:secret@127.0.0.1:1/none");
        Assert.NotEqual(0, outcome.Code);
        Assert.Equal(FailureClass.Transient, report.Unavailable!.Class);
        Assert.DoesNotContain("secret", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_that_the_role_may_not_see_are_counted_one_by_one_and_nothing_is_proved()
    {
        await using ThrowawayServer server = await ThrowawayServer.StartAsync("-c shared_preload_libraries=pg_stat_statements");
        await using TestDatabase live = await LiveAsync(server.Url);
        await live.ExecuteAsync(
            "CREATE EXTENSION pg_stat_statements", "CREATE ROLE reader LOGIN CREATEDB PASSWORD 'reader'",
            "GRANT SELECT ON _prisma_migrations TO reader", "SELECT pg_stat_statements_reset()",
            "SELECT note FROM orders", "SELECT id FROM orders", "SELECT id, note FROM orders");
        _checkout.Migrate(Added, "CREATE TABLE more (id int);");
        (_, RehearsalReport report) = await RehearseByAsync(
            live.UrlText(user: "reader", password: "reader"), "--statements", "live");
        Assert.Matches("^[4-9] statements of other roles .*GRANT pg_read_all_stats", report.Statements!.Unavailable);
        (_, report) = await RehearseAsync(live, "--statements", "live");
        Assert.Equal((null, 3), (report.Statements!.Unavailable, report.Statements.Proven));
    }

    [Theory]
    [InlineData("SELECT nothing FROM orders;", "nothing is known of the only one")]
    [InlineData("BEGIN;", "there is none")]
    public async Task A_proof_of_no_statement_is_none(string used, string why)
    {
        await using TestDatabase live = await LiveAsync();
        _checkout.Migrate(Added, "CREATE TABLE more (id int);");
        (_, RehearsalReport report) = await RehearseAsync(live, "--statements", _checkout.Write("used.sql", used));
        Assert.Contains(why, report.Statements!.Unavailable, StringComparison.Ordinal);
    }

    private async Task<TestDatabase> LiveAsync(string? server = null)
    {
        TestDatabase live = await TestDatabase.CreateAsync(server);
        Outcome outcome = await new Schemagate { DatabaseUrl = live.UrlText() }.InvokeAsync(
            ["migrate", _checkout.Root], TestContext.Current.CancellationToken);
        Assert.True(outcome.Code == 0, outcome.All);
        return live;
    }

    private Task<(Outcome Outcome, RehearsalReport Report)> RehearseAsync(TestDatabase live, params string[] more) =>
        RehearseByAsync(live.UrlText(), more);

    private async Task<(Outcome Outcome, RehearsalReport Report)> RehearseByAsync(string live, params string[] more)
    {
        string file = Path.Combine(_checkout.Root, "report.json");
        Outcome outcome = await new Schemagate { DatabaseUrl = live }.InvokeAsync(
            ["rehearse", _checkout.Root, "--report-file", file, .. more], TestContext.Current.CancellationToken);
        Assert.True(File.Exists(file), outcome.All);
        string text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).TrimEnd();
        return (outcome, RehearsalReport.FromJson(text) ?? throw new InvalidOperationException(text));
    }
}
