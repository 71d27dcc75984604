using System.Text.RegularExpressions;
using SchemaGate.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary><c>changelog render</c> beside servers.</summary>
public sealed class RenderCommandTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_page_shows_what_is_applied_in_each_database_and_since_when()
    {
        await using TestDatabase production = await TestDatabase.CreateAsync();
        await using TestDatabase staging = await TestDatabase.CreateAsync();
        await MigrateAsync(staging);
        await MigrateAsync(production);
        await production.ExecuteAsync($"DELETE FROM _prisma_migrations WHERE migration_name = '{Shop.Third}'");
        _shop.Migrate(Shop.Second, "CREATE TABLE sites (id bigint);");

        Outcome outcome = await new Schemagate { Input = production.UrlText() }.InvokeAsync(
            ["changelog", "render", _shop.Root, "--database", $"staging={staging.UrlText()}", "--database", "production=-"],
            TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(
            [
                "staging applied AT", "production not applied",
                "staging applied AT, and the file has changed since", "production applied AT, and the file has changed since",
                "staging applied AT", "production applied AT",
            ],
            Regex.Matches(outcome.Output, "<b>(?<database>staging|production)</b> (?<state>[^<]*)</li>", RegexOptions.NonBacktracking)
                .Select(fact => Regex.Replace(
                    $"{fact.Groups["database"]} {fact.Groups["state"]}", "[0-9-]{10} [0-9:]{5} UTC", "AT", RegexOptions.NonBacktracking)),
            StringComparer.Ordinal);
        Assert.Contains("<span>2 of 3 migrations applied</span>", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> MigrateAsync(TestDatabase database) => new Schemagate { Input = database.UrlText() }.InvokeAsync(
        ["migrate", _shop.Root, "--database", "-"], TestContext.Current.CancellationToken);
}
