using System.Text.Json;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tests.Scratch;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>schemagate changelog checklist --scratch</c>, and the database that it makes.</summary>
public sealed class ScratchDatabaseTests(OwnServer own) : IClassFixture<OwnServer>, IDisposable
{
    private readonly Migrations _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Theory]
    [InlineData("CREATE INDEX orders_note ON orders (note);", "yes", "3 migrations ran in a new database")]
    [InlineData("CREATE INDEX orders_note ON nothing (note);", "no", "relation \"nothing\" does not exist")]
    public async Task The_migrations_run_in_a_new_database_which_is_gone_afterwards(string sql, string state, string says)
    {
        _checkout.Migrate(Migrations.Third, sql);
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        await RunAsync("init", "");
        IReadOnlyList<string> before = await LeftAsync(server);
        Outcome outcome = await RunAsync("checklist", server.UrlText(), Migrations.Third, "--scratch", "-", "--output", "json");
        JsonElement item = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("items")[2];
        Assert.Equal(state, item.GetProperty("state").GetString());
        Assert.Contains(says, item.GetProperty("says").GetString(), StringComparison.Ordinal);
        Assert.Empty((await LeftAsync(server)).Except(before, StringComparer.Ordinal));
        Assert.Empty(await server.QueryAsync("SELECT relname FROM pg_class WHERE relname = 'orders'"));
    }

    [Theory]
    [InlineData("DROP INDEX orders_note;", "yes", "it ran, and the schema is as it was")]
    [InlineData("SELECT 1;", "no", "it ran, and the schema is not as it was: index public.orders_note is left")]
    [InlineData("DROP INDEX orders_notes;", "no", "it fails: rollback of 20250301000000_index, line 1, column 1: ")]
    public async Task The_point_about_the_rollback_is_answered_by_what_it_did(string rollback, string state, string says)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        await RunAsync("init", "");
        _checkout.Write($"prisma/migrations/{Migrations.Third}/down.sql", rollback);
        Outcome outcome = await RunAsync("checklist", server.UrlText(), Migrations.Third, "--scratch", "-", "--output", "json");
        JsonElement item = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("items")[3];
        Assert.Equal(state, item.GetProperty("state").GetString());
        Assert.StartsWith(says, item.GetProperty("says").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20240102000000_orders.sql", "yes", "2 migrations ran in a new database")]
    [InlineData("20240102000000_orders.go", "open", "not run: ")]
    public async Task Other_tools_migrations_run_there_where_they_are_SQL(string file, string state, string says)
    {
        _checkout.Write(
            "goose/20240101000000_users.sql", "-- +goose Up\nCREATE TABLE users (id int);\n\n-- +goose Down\nDROP TABLE users;\n");
        _checkout.Write($"goose/{file}", "-- +goose Up\nALTER TABLE users ADD name text;\n");
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        await RunAsync("init", "");
        Outcome outcome = await RunAsync(
            "checklist", server.UrlText(), Path.GetFileNameWithoutExtension(file), "--migrations", _checkout.At("goose"), "--scratch", "-",
            "--output", "json");
        Assert.True(outcome.Error.Length == 0, outcome.All);
        JsonElement item = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("items")[2];
        Assert.Equal(state, item.GetProperty("state").GetString());
        Assert.StartsWith(says, item.GetProperty("says").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_points_of_one_kind_are_one_run()
    {
        _checkout.Migrate(Migrations.Third, "SELECT 1;");
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        await RunAsync("init", "");
        string document = _checkout.At("docs/DATABASE_SCHEMA_CHANGELOG.md");
        await File.AppendAllTextAsync(
            document, "\n## Checklist\n- [ ] Run it in a fresh database\n- [ ] Run it in an empty database\n",
            TestContext.Current.CancellationToken);
        string text = await File.ReadAllTextAsync(document, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            document, text.Replace("Change Checklist", "Steps", StringComparison.OrdinalIgnoreCase), TestContext.Current.CancellationToken);
        Outcome outcome = await RunAsync("checklist", server.UrlText(), Migrations.Third, "--scratch", "-", "--output", "json");
        Assert.Equal(
            "yes yes",
            string.Join(' ', JsonDocument.Parse(outcome.Output).RootElement.GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("state").GetString())));
    }

    [Fact]
    public async Task What_a_dead_one_left_goes_with_the_next_and_a_young_one_stays()
    {
        await using TestDatabase server = await TestDatabase.CreateAsync(own.Url);
        string mark = Guid.NewGuid().ToString("N");
        string young = $"schemagate_scratch_{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}_{mark}";
        await server.ExecuteAsync($"CREATE DATABASE schemagate_scratch_1000000000_{mark}");
        await server.ExecuteAsync($"CREATE DATABASE {young}");
        await using (await ScratchDatabase.CreateAsync(
            server.Url(), ScratchOptions.Default, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.Equal(young, Assert.Single(await LeftAsync(server), name => name.Contains(mark, StringComparison.Ordinal)));
        }

        await server.ExecuteAsync($"DROP DATABASE {young}");
    }

    private static Task<IReadOnlyList<string>> LeftAsync(TestDatabase server) =>
        server.QueryAsync("SELECT datname FROM pg_database WHERE starts_with(datname, 'schemagate_scratch_')");

    private Task<Outcome> RunAsync(string command, string input, params string[] args) => new Schemagate { Input = input }.InvokeAsync(
        ["changelog", command, "--changelog", _checkout.At("docs/DATABASE_SCHEMA_CHANGELOG.md"), .. args],
        TestContext.Current.CancellationToken);
}
