using SchemaGate.Postgres.Tests.Cli;
using SchemaGate.Postgres.Tests.Scratch;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary>Copies of a live database's catalog on a server that lacks some of its roles.</summary>
public sealed class LiveCopyTests(OwnServer own) : IClassFixture<OwnServer>, IAsyncLifetime
{
    private readonly Migrations _checkout = new();
    private readonly string _role = $"r{Guid.NewGuid():N}";
    private TestDatabase? _live;

    public async ValueTask InitializeAsync()
    {
        _live = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync("migrate");
        Assert.True(outcome.Code == 0, outcome.All);
        await _live.ExecuteAsync(
            $"CREATE ROLE {_role}", $"GRANT SELECT ON orders TO {_role}", $"CREATE POLICY own ON orders TO {_role} USING (id > 1)");
    }

    public async ValueTask DisposeAsync()
    {
        await _live!.ExecuteAsync($"DROP OWNED BY {_role}", $"DROP ROLE {_role}");
        await _live.DisposeAsync();
        _checkout.Dispose();
    }

    [Fact]
    public async Task A_rehearsal_in_one_is_without_them()
    {
        _checkout.Migrate("20250401000000_more", "ALTER TABLE orders ADD COLUMN more text;");
        Outcome outcome = await RunAsync("rehearse", "--like", "live", "--scratch", own.Url);
        Assert.True(outcome.Code == 0, outcome.All);
    }

    [Fact]
    public async Task SQL_that_mends_it_is_tried_in_one_without_them()
    {
        Outcome outcome = await RunAsync(
            "diff", "--output", "sql", "--direction", "database", "--allow-destructive", "--scratch", own.Url);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Contains("leaves no difference", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(string command, params string[] more) => new Schemagate { DatabaseUrl = _live!.UrlText() }
        .InvokeAsync([command, _checkout.Root, .. more], TestContext.Current.CancellationToken);
}
