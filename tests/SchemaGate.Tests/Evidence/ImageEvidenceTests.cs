using System.Net;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Risk;
using SchemaGate.Evidence;
using SchemaGate.Oci;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Evidence;

/// <summary>What gates share of images, and what they do not.</summary>
public sealed class ImageEvidenceTests : IAsyncLifetime
{
    private const string Alice = "alice", Mallory = "mallory";

    private readonly FakeRegistry registry = new();
    private readonly Kubernetes.ManualTime time = new();
    private readonly ImageEvidence images;
    private readonly HashSet<string> readers = [];
    private LoopbackRegistry server = null!;
    private Digest digest = null!;
    private int held;
    private int aborted;

    public ImageEvidenceTests() => images = new ImageEvidence(allowPlainHttp: true, time);

    public async ValueTask InitializeAsync()
    {
        digest = registry.Push(
            Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", "# x"), ("prisma/migrations/1/migration.sql", "SELECT 1;")));
        server = await LoopbackRegistry.StartAsync(registry);
    }

    public async ValueTask DisposeAsync()
    {
        images.Dispose();
        await server.DisposeAsync();
        registry.Dispose();
    }

    [Fact]
    public async Task Gates_without_logins_share_a_public_image()
    {
        await FoundAsync($"@{digest}", null);
        await FoundAsync($"@{digest}", null);
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task An_image_that_needs_more_memory_than_a_reading_may_have_is_refused_in_words_and_nothing_is_kept_of_it()
    {
        ReadingBudget budget = new(32 << 20, time);
        using ImageEvidence small = new(allowPlainHttp: true, time, budget: budget);
        Digest large = registry.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", "# x"), ("prisma/migrations/1/migration.sql", new string('-', 5 << 20))));
        var (evidence, _) = await small.ReadAsync(
            Source($"{server.Repository}@{large}"), TimeSpan.Zero, TestContext.Current.CancellationToken);
        var missing = Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence);
        Assert.Equal(Reasons.ImageInvalid, missing.Reason);
        Assert.Contains("more than the 16 MiB of memory", missing.Message, StringComparison.Ordinal);
        Assert.Equal(32 << 20, budget.Free);
    }

    [Fact]
    public async Task Gates_with_the_same_login_share_what_it_may_read()
    {
        Protect(Alice);
        await FoundAsync($"@{digest}", Alice);
        registry.Requests.Clear();
        await FoundAsync($"@{digest}", Alice);
        Assert.Empty(registry.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Mallory)]
    public async Task What_one_gate_may_read_is_not_given_to_one_that_may_not(string login)
    {
        Protect(Alice);
        foreach (var reference in new[] { $"@{digest}", ":1", $"@{digest}" })
        {
            await FoundAsync(reference, Alice);
            var (evidence, _) = await ReadAsync(reference, login.Length == 0 ? null : login);
            Assert.Equal(Reasons.RegistryAccessDenied, Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence).Reason);
        }
    }

    [Fact]
    public async Task Another_login_is_checked_once_and_the_content_not_read_again()
    {
        Protect(Alice, Mallory);
        await FoundAsync($"@{digest}", Alice);
        registry.Requests.Clear();
        await FoundAsync($"@{digest}", Mallory);
        await FoundAsync($"@{digest}", Mallory);
        Assert.All(registry.Requests, request => Assert.StartsWith("HEAD ", request, StringComparison.Ordinal));
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task A_registry_that_claims_anothers_digest_is_not_given_its_content()
    {
        await FoundAsync($"@{digest}", null);
        using var evil = new FakeRegistry();
        evil.Fault = _ =>
        {
            var answer = FakeRegistry.Answer(HttpStatusCode.OK);
            answer.Headers.Add("Docker-Content-Digest", digest.ToString());
            return answer;
        };
        await using var second = await LoopbackRegistry.StartAsync(evil);
        var (evidence, _) = await ReadAsync(":1", null, second);
        Assert.Equal(Reasons.ImageInvalid, Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence).Reason);
    }

    [Fact]
    public async Task A_login_page_that_is_called_OK_is_no_right_to_read()
    {
        Protect(Alice);
        await FoundAsync($"@{digest}", Alice);
        registry.Fault = _ => FakeRegistry.Answer(HttpStatusCode.OK, "<html>Log in</html>");
        Assert.IsType<Evidence<ChangelogEvidence>.Missing>((await ReadAsync($"@{digest}", null)).Evidence);
        await FoundAsync($"@{digest}", Alice);
    }

    [Fact]
    public async Task A_failure_is_kept_for_the_one_who_had_it()
    {
        Protect(Alice);
        registry.Fault = request => request.Headers.Authorization is null ? FakeRegistry.Answer(HttpStatusCode.Gone) : null;
        Assert.Equal(Reasons.ImageInvalid, Assert.IsType<Evidence<ChangelogEvidence>.Missing>(
            (await ReadAsync($"@{digest}", null)).Evidence).Reason);
        Protect(Alice);
        await FoundAsync($"@{digest}", Alice);
    }

    [Fact]
    public async Task Another_servers_version_is_another_judgement_of_the_image_that_was_read()
    {
        registry.Push(Archive.Tar(
            ("docs/DATABASE_SCHEMA_CHANGELOG.md", "# x"),
            ("prisma/migrations/1/migration.sql", "CREATE TABLE p (id int) PARTITION BY LIST (id); "
                + "CREATE TABLE q PARTITION OF p FOR VALUES IN (1);"),
            ("prisma/migrations/2/migration.sql", "ALTER TABLE p DETACH PARTITION q;")));
        Assert.DoesNotContain("1 more table is locked", await SentenceAsync(13), StringComparison.Ordinal);
        int requests = registry.Requests.Count;
        Assert.Contains("1 more table is locked", await SentenceAsync(15), StringComparison.Ordinal);
        Assert.Equal(await SentenceAsync(13), await SentenceAsync(null));
        Assert.Equal(requests, registry.Requests.Count);
    }

    [Fact]
    public async Task A_tag_is_resolved_for_each_login_and_again_when_it_is_old()
    {
        await FoundAsync(":1", null);
        await FoundAsync(":1", null);
        Assert.Single(registry.Requests, request => request.StartsWith("HEAD ", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(6));
        await FoundAsync(":1", null);
        await FoundAsync(":1", Alice);
        Assert.Equal(3, registry.Requests.Count(request => request.StartsWith("HEAD ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_takes_long_is_read_on_beside_the_look_which_says_so_and_the_next_one_has_it()
    {
        TaskCompletionSource go = Hold("/blobs/");
        bool ended = false;
        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> first = LookAsync(":1", () => ended = true);
        await Kubernetes.Eventually.TrueAsync(() => held > 0);
        time.Advance(Readings.Patience);
        (Evidence<ChangelogEvidence> evidence, string? told) = await first;
        Evidence<ChangelogEvidence>.Unreachable late = Assert.IsType<Evidence<ChangelogEvidence>.Unreachable>(evidence);
        Assert.Equal(Reasons.StillReading, late.Reason);
        Assert.Contains("is still being read: that takes longer than 20 s", late.Message, StringComparison.Ordinal);
        Assert.Equal(digest.ToString(), told);
        go.SetResult();
        await Kubernetes.Eventually.TrueAsync(() => ended);
        Assert.IsType<Evidence<ChangelogEvidence>.Found>((await LookAsync(":1")).Evidence);
        Assert.Equal(1, held);
    }

    [Fact]
    public async Task A_tag_that_names_another_image_by_then_is_not_taken_for_the_one_that_was_read_late()
    {
        TaskCompletionSource go = Hold("/blobs/");
        bool ended = false;
        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> first = LookAsync(":1", () => ended = true);
        await Kubernetes.Eventually.TrueAsync(() => held > 0);
        time.Advance(Readings.Patience);
        await first;
        Digest moved = registry.Push(
            Archive.Tar(("docs/DATABASE_SCHEMA_CHANGELOG.md", "# y"), ("prisma/migrations/2/migration.sql", "SELECT 2;")));
        go.SetResult();
        await Kubernetes.Eventually.TrueAsync(() => ended);
        (Evidence<ChangelogEvidence> evidence, string? told) = await LookAsync(":1", maxAge: TimeSpan.Zero);
        Assert.Equal(moved.ToString(), told);
        Assert.Equal("2", Assert.Single(Assert.IsType<Evidence<ChangelogEvidence>.Found>(evidence).Value.Migrations.Migrations).Name);
    }

    [Fact]
    public async Task What_the_gate_asks_for_no_more_is_not_read_on()
    {
        Hold("/blobs/");
        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> first = LookAsync(":1");
        await Kubernetes.Eventually.TrueAsync(() => held > 0);
        time.Advance(Readings.Patience);
        await first;
        images.Begin("shop", "shop", () => { }).End();
        await Kubernetes.Eventually.TrueAsync(() => aborted > 0);
    }

    [Fact]
    public async Task A_registry_that_does_not_say_what_a_tag_names_is_waited_for_no_longer_than_a_look_waits()
    {
        Hold("/manifests/");
        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> first = LookAsync(":1");
        await Kubernetes.Eventually.TrueAsync(() => held > 0);
        time.Advance(Readings.Patience);
        Evidence<ChangelogEvidence>.Unreachable late = Assert.IsType<Evidence<ChangelogEvidence>.Unreachable>((await first).Evidence);
        Assert.Equal(Reasons.RegistryUnreachable, late.Reason);
        Assert.Contains("did not say within 20 s", late.Message, StringComparison.Ordinal);
    }

    /// <summary>Keeps requests for such paths waiting.</summary>
    private TaskCompletionSource Hold(string path)
    {
        TaskCompletionSource go = new();
        server.Fault = async context =>
        {
            if (context.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref held);
                using CancellationTokenRegistration gone = context.RequestAborted.Register(() => Interlocked.Increment(ref aborted));
                await Task.WhenAny(go.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            }

            return false;
        };
        return go;
    }

    private Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> LookAsync(
        string reference, Action? ended = null, TimeSpan? maxAge = null) => images.ReadAsync(
            Source(server.Repository + reference), maxAge ?? TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken,
            look: images.Begin("shop", "shop", ended ?? (() => { })));

    private async Task<string> SentenceAsync(int? major)
    {
        var (evidence, _) = await images.ReadAsync(
            Source(
                $"{server.Repository}:1"), TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken, major: Task.FromResult(major));
        var risks = Assert.IsType<Evidence<ChangelogEvidence>.Found>(evidence).Value.Risks;
        return Assert.IsType<Evidence<IReadOnlyList<MigrationRisk>>.Found>(risks).Value[^1].Sentence;
    }

    [Theory]
    [InlineData("prisma")]
    [InlineData("prisma/migrations")]
    [InlineData("prisma/migrations/2")]
    public async Task A_link_where_the_migrations_should_be_is_named(string link)
    {
        registry.Push(Archive.Tar(Archive.File("docs/DATABASE_SCHEMA_CHANGELOG.md", "# x"), Archive.Link(link, "../../../etc")));
        var missing = Assert.IsType<Evidence<ChangelogEvidence>.Missing>((await ReadAsync(":1", null)).Evidence);
        Assert.Equal(Reasons.ImageInvalid, missing.Reason);
        Assert.Contains($"the entry \"{link}\" is a link", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_secret_that_is_none_is_said_without_quoting_it()
    {
        var (evidence, _) = await images.ReadAsync(
            Source($"{server.Repository}:1"), TimeSpan.Zero, TestContext.Current.CancellationToken, "secret");
        var missing = Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence);
        Assert.Equal(Reasons.RegistryAccessDenied, missing.Reason);
        Assert.Contains("spec.changelog.pullSecretRef: the registry credentials are not", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"secret\"", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_allowed_registries_are_asked()
    {
        using var strict = new ImageEvidence(allowPlainHttp: true, time, ["registry.example.com"]);
        var (evidence, _) = await strict.ReadAsync(Source($"{server.Repository}:1"), TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(Reasons.RegistryAccessDenied, Assert.IsType<Evidence<ChangelogEvidence>.Missing>(evidence).Reason);
        Assert.Empty(registry.Requests);
        Assert.NotNull(ImageProblems.OfRegistries(["a/b"], null));
        Assert.Null(ImageProblems.OfRegistries(["a.test"], null));
    }

    private async Task FoundAsync(string reference, string? login) =>
        Assert.IsType<Evidence<ChangelogEvidence>.Found>((await ReadAsync(reference, login)).Evidence);

    private Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ReadAsync(
        string reference, string? login, LoopbackRegistry? from = null)
    {
        from ??= server;
        return images.ReadAsync(Source(from.Repository + reference), TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken,
            login is null ? null : RegistryCredentialsTests.Config((from.Repository, login)));
    }

    private static ChangelogSource Source(string image) =>
        new(image, null, ChangelogSource.DefaultMigrations, TimeSpan.FromMinutes(5), PlainHttp: true, RecordsThisDatabase: false);

    /// <summary>Lets only these in.</summary>
    private void Protect(params string[] logins)
    {
        readers.Clear();
        readers.UnionWith(
            logins.Select(login => $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{login}:password"))}"));
        registry.Fault = request =>
        {
            if (readers.Contains(request.Headers.Authorization?.ToString() ?? ""))
            {
                return null;
            }

            var answer = FakeRegistry.Answer(HttpStatusCode.Unauthorized);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Basic realm=x");
            return answer;
        };
    }
}
