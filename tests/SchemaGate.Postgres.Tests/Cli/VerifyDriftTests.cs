using System.Text.Json;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>verify beside a database that somebody has changed by hand.</summary>
public sealed class VerifyDriftTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData(0, "SchemaDrifted")]
    [InlineData(1, "SchemaDrifted", "--drift", "block")]
    [InlineData(0, null, "--drift", "ignore")]
    [InlineData(0, "AsExpected", "--drift", "block", "--ignore-drift", "sites.by_hand")]
    public async Task A_column_that_was_added_by_hand_is_said_and_blocks_where_that_is_asked_for(
        int code, string? reason, params string[] options)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal(0, (await RunAsync(database, "migrate", _shop.Root)).Code);
        await database.ExecuteAsync("ALTER TABLE sites ADD COLUMN by_hand text");

        Outcome outcome = await RunAsync(database, ["verify", _shop.Root, "--output", "json", .. options]);
        Assert.Equal(code, outcome.Code);
        Assert.Equal(reason, Reason(outcome));
    }

    [Fact]
    public async Task A_database_that_only_the_migrations_changed_is_in_sync()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await RunAsync(database, "migrate", _shop.Root);
        Assert.Equal("AsExpected", Reason(await RunAsync(database, "verify", _shop.Root, "--output", "json", "--drift", "block")));
    }

    private static string? Reason(Outcome outcome) => JsonDocument.Parse(outcome.Output).RootElement.GetProperty("conditions")
        .EnumerateArray().Where(condition => condition.GetProperty("type").GetString() == "SchemaInSync")
        .Select(condition => condition.GetProperty("reason").GetString()).SingleOrDefault();

    private static Task<Outcome> RunAsync(TestDatabase database, params string[] args) =>
        new Schemagate { Input = database.UrlText() }.InvokeAsync([.. args, "--database", "-"], TestContext.Current.CancellationToken);
}
