using System.Net;
using System.Text.Json;
using SchemaGate.Tests.Cli;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Postgres.Tests.Cli;

/// <summary>lint, migrate and resolve on an image in a registry that wants a password.</summary>
public sealed class ImageCommandTests : IAsyncLifetime
{
    private const string First = "20250101000000_orders";
    private const string Second = "20250201000000_drop";
    private const string Right = "Basic dXNlcjpwYXNzd29yZA==";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("schemagate-");
    private readonly FakeRegistry _registry = new();
    private LoopbackRegistry _server = null!;

    private string Image => $"{_server.Repository}:1";

    private string Config => Path.Combine(_directory.FullName, "config.json");

    public async ValueTask InitializeAsync()
    {
        Push("ALTER TABLE orders DROP COLUMN total;");
        _registry.Fault = request => request.Headers.Authorization?.ToString() == Right ? null : Challenge();
        _server = await LoopbackRegistry.StartAsync(_registry);
        Login("dXNlcjpwYXNzd29yZA==");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _registry.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Lint_reads_an_image_with_the_logins_of_dockers_config()
    {
        Outcome outcome = await RunAsync("lint", "--image", Image);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(
            $"risky drop-column  {Image}/prisma/migrations/{Second}/migration.sql:1:20\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("migrate", "--database", "postgresql://user:secret@127.0.0.1:1/shop")]
    public async Task Who_has_no_login_is_told_where_to_name_one(params string[] command)
    {
        Outcome outcome = await Schemagate.RunAsync([.. command, "--image", Image, "--plain-http"]);
        Assert.Equal(3, outcome.Code);
        Assert.Contains(
            "No logins were found: name docker's config.json with --registry-config.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_login_is_said_without_its_password()
    {
        Login("dXNlcjp3cm9uZw==");
        Outcome outcome = await RunAsync("lint", "--image", Image);
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"The logins are those of {Config}; credential helpers are not run.", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_that_nobody_named_may_have_no_logins()
    {
        await File.WriteAllTextAsync(Config, """{ "credsStore": "desktop" }""", TestContext.Current.CancellationToken);
        _registry.Fault = _ => null;
        Assert.Equal(1, (await RunAsync("lint", "--image", Image)).Code);
        Assert.Equal(2, (await RunAsync("lint", "--image", Image, "--registry-config", Config)).Code);
    }

    [Fact]
    public async Task Authorities_that_are_no_certificates_are_wrong_usage()
    {
        Outcome outcome = await RunAsync("lint", "--image", Image, "--registry-ca-file", Config);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("--registry-ca-file: the authorities hold no certificate", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_applies_an_images_migrations()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await MigrateAsync(database, "--registry-config", Config);
        Assert.Equal((0, "Applied 2 migrations; 0 were there before.\n"), (outcome.Code, outcome.Output));
    }

    [Fact]
    public async Task Migrate_goes_no_further_than_it_is_told()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Equal("Applied 1 migration; 0 were there before.\n", (await MigrateAsync(database, "--through", First)).Output);
        Assert.Equal("Applied 1 migration; 1 was there before.\n", (await MigrateAsync(database)).Output);
        Assert.Equal("Nothing to do: the one migration is applied.\n", (await MigrateAsync(database, "--through", First)).Output);
    }

    [Fact]
    public async Task A_last_migration_that_is_not_there_is_wrong_usage()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await MigrateAsync(database, "--through", "20250101000000_order");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("schemagate: --through: there is no migration 20250101000000_order; "
            + $"did you mean {First}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_is_named_in_its_image()
    {
        Push("ALTER TABLE nowhere DROP COLUMN total;");
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await MigrateAsync(database, "--output", "json");
        JsonElement failure = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("failure");
        Assert.Equal((1, $"{Image}/prisma/migrations/{Second}/migration.sql"), (outcome.Code, failure.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Resolve_compares_with_an_images_migrations()
    {
        Push("ALTER TABLE nowhere DROP COLUMN total;");
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await MigrateAsync(database);
        string[] resolve = ["resolve", "--database", database.UrlText(), "--image", Image];
        Outcome refused = await RunAsync([.. resolve, "--applied", "20250201000000_dro"]);
        Assert.Equal(1, refused.Code);
        Assert.Contains($"did you mean {Second}", refused.Output, StringComparison.Ordinal);
        Assert.Equal(
            $"{Second} is marked as applied; its failed row is kept, marked as rolled back.\n",
            (await RunAsync([.. resolve, "--applied", Second])).Output);
        Push("SELECT 1;");
        Assert.Equal(0, (await RunAsync([.. resolve, "--accept-checksum", Second])).Code);
        Assert.Equal("Nothing to do: all 2 migrations are applied.\n", (await MigrateAsync(database)).Output);
    }

    [Fact]
    public async Task An_image_and_a_directory_are_one_too_many_for_resolve_and_a_registry_that_is_not_there_is_unreachable()
    {
        string[] resolve =
        [
            "resolve", "--database", "postgresql://user:secret@127.0.0.1:1/shop", "--applied", Second, "--image",
            "127.0.0.1:1/shop/schema:1",
        ];
        Assert.Equal(2, (await RunAsync([.. resolve, "."])).Code);
        Outcome outcome = await RunAsync(resolve);
        Assert.Equal(3, outcome.Code);
        Assert.StartsWith("Unreachable\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_that_the_content_does_not_have_applies_nothing()
    {
        string wanted = $"{_server.Repository}@{Push("SELECT 1;")}";
        _registry.Fault = request => request.RequestUri!.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal)
            ? FakeRegistry.Answer(HttpStatusCode.OK, FakeRegistry.Manifest())
            : null;
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Outcome outcome = await RunAsync("migrate", "--image", wanted, "--database", database.UrlText());
        Assert.Equal(1, outcome.Code);
        Assert.Contains("SetUnusable\n  registry 127.0.0.1:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "--image", "127.0.0.1:1/shop/schema:1")]
    [InlineData(2, "--image", "Shop:::1")]
    [InlineData(2, "--image", "127.0.0.1:1/shop/schema:1", ".")]
    public async Task An_image_that_cannot_be_had_is_a_sentence(int code, params string[] source)
    {
        Outcome outcome = await RunAsync(["migrate", .. source, "--database", "postgresql://user:secret@127.0.0.1:1/shop"]);
        Assert.Equal(code, outcome.Code);
        Assert.DoesNotContain("unexpected", outcome.All, StringComparison.Ordinal);
    }

    private SchemaGate.Oci.Digest Push(string second) => _registry.Push(Archive.Tar(
        ($"prisma/migrations/{First}/migration.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);"),
        ($"prisma/migrations/{Second}/migration.sql", second)));

    private void Login(string auth) => File.WriteAllText(Config, $$$"""
        { "auths": { "127.0.0.1:{{{_server.Repository.Split(':', '/')[1]}}}": { "auth": "{{{auth}}}" } }, "credsStore": "desktop" }
        """);

    private Task<Outcome> MigrateAsync(TestDatabase database, params string[] args) =>
        RunAsync(["migrate", "--image", Image, "--database", database.UrlText(), .. args]);

    private Task<Outcome> RunAsync(params string[] args) =>
        new Schemagate { DockerConfig = _directory.FullName }.InvokeAsync([.. args, "--plain-http"], TestContext.Current.CancellationToken);

    private static HttpResponseMessage Challenge()
    {
        HttpResponseMessage answer = FakeRegistry.Answer(HttpStatusCode.Unauthorized);
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Basic realm=shop");
        return answer;
    }
}
