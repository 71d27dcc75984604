using System.Text.Json;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class GateAdmissionTests : IAsyncLifetime
{
    private const string Sound = """
        {"metadata":{"name":"shop"},
         "spec":{"changelog":{"image":"registry.test/shop:1","pullSecretRef":{"name":"pull"}},
          "database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"}}}}
        """;

    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await FakeApiServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_gate_is_allowed_to_who_may_get_each_of_its_secrets()
    {
        Answer(true, true);
        Assert.True((await ReviewAsync(Sound)).Allowed);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_gate_is_refused_to_who_may_not_get_one_of_its_secrets()
    {
        Answer(true, false);
        AdmissionResponse response = await ReviewAsync(Sound);
        Assert.Equal((false, 403), (response.Allowed, response.Status!.Code));
        Assert.Contains(
            "tenant may not get the Secret pull, which spec.changelog.pullSecretRef.name names",
            response.Status.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"keysFrom\":{\"name\":\"signers\",\"key\":\"cosign.pub\"}", 403, "the Secret signers, which spec.changelog.verify")]
    [InlineData("\"keys\":[\"none\"]", 422, "spec.changelog.verify.keys: there is no public key in PEM; cosign writes")]
    [InlineData("", 422, "spec.changelog.verify needs keys or keysFrom")]
    public async Task Keys_of_signatures_are_keys_and_their_Secret_is_one_that_the_writer_may_get(string verify, int code, string words)
    {
        Answer(true, true, false);
        AdmissionResponse response = await ReviewAsync(
            Sound.Replace("\"pullSecretRef\":", $"\"verify\":{{{verify}}},\"pullSecretRef\":", StringComparison.Ordinal));
        Assert.Equal((false, code), (response.Allowed, response.Status!.Code));
        Assert.Contains(words, response.Status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"url\":\"https://a.test\"", "", 403, "may not get the Secret hook, which spec.notify.signingKeysFrom.name")]
    [InlineData("\"urlFrom\":{\"name\":\"to\",\"key\":\"url\"}", "", 403, "may not get the Secret to, which spec.notify.urlFrom.name")]
    [InlineData("\"url\":\"https://a.test\"", ",\"urlFrom\":{\"name\":\"to\",\"key\":\"url\"}", 422, "url or urlFrom, and not both")]
    [InlineData("\"environment\":\"a\"", "", 422, "url or urlFrom, and not both")]
    [InlineData("\"url\":\"http://a.test/t0ken\"", "", 422, "spec.notify.url must be an https:// address")]
    [InlineData("\"url\":\"https://u:t0ken@a.test\"", "", 422, "spec.notify.url must be an https:// address")]
    public async Task Who_is_told_is_a_sound_address_and_its_Secrets_are_the_writer_s(string notify, string more, int code, string words)
    {
        Answer(true, true, false);
        AdmissionResponse response = await ReviewAsync(Sound.Replace(
            "\"database\":", $$"""
            "notify":{ {{notify}}{{more}},"signingKeysFrom":{"name":"hook","key":"keys"} },"database":
            """, StringComparison.Ordinal));
        Assert.Equal((false, code), (response.Allowed, response.Status!.Code));
        Assert.Contains(words, response.Status.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", response.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_is_not_let_through_where_nobody_can_be_asked()
    {
        server.List(FakeApiServer.Text(500, "broken"));
        await Assert.ThrowsAsync<KubernetesException>(() => ReviewAsync(Sound));
    }

    [Fact]
    public async Task Who_changes_only_a_label_needs_no_right_to_a_secret()
    {
        Assert.True((await ReviewAsync(
            Sound,
            Sound.Replace("\"name\":\"shop\"", "\"name\":\"shop\",\"labels\":{\"a\":\"b\"}", StringComparison.Ordinal))).Allowed);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Who_changes_the_image_needs_the_right_to_every_secret()
    {
        Answer(true, false);
        Assert.False((await ReviewAsync(Sound, Sound.Replace("shop:1", "shop:0", StringComparison.Ordinal))).Allowed);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        AdmissionResponse response = await ReviewAsync(
            """{"metadata":{"name":"shop"},"spec":{"changelog":{"image":"UPPER CASE"},"enforcement":"Perhaps"}}""");
        Assert.Equal((false, 422), (response.Allowed, response.Status!.Code));
        Assert.Contains("spec.changelog.image: ", response.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.database.urlFrom.name is missing.", response.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.enforcement must be one of", response.Status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"resources\":{DEEP}", "spec.migrate.resources")]
    [InlineData("\"tolerations\":[{DEEP}]", "spec.migrate.tolerations")]
    [InlineData("\"template\":{\"spec\":{\"containers\":[{DEEP}]}}", "spec.migrate.template")]
    public async Task What_nests_deeper_than_is_read_is_refused_in_words(string migrate, string field)
    {
        string deep = $"{{\"a\":{new string('[', 50)}{new string(']', 50)}}}";
        string spec = $"\"spec\":{{\"migrate\":{{{migrate.Replace("{DEEP}", deep, StringComparison.Ordinal)}}},";
        string gate = Sound.Replace("\"spec\":{", spec, StringComparison.Ordinal);
        AdmissionResponse response = await ReviewAsync(gate);
        Assert.Equal((false, 422), (response.Allowed, response.Status!.Code));
        Assert.Equal($"{field} must nest at most 32 levels.", response.Status.Message);
    }

    [Fact]
    public async Task A_gate_that_is_being_deleted_may_be_wrong() =>
        Assert.True((await ReviewAsync("""{"metadata":{"name":"shop","deletionTimestamp":"2026-01-02T03:04:05Z"},"spec":{}}""")).Allowed);

    [Fact]
    public async Task A_deletion_has_no_object_and_is_allowed() => Assert.True((await ReviewAsync(null)).Allowed);

    [Fact]
    public async Task A_gate_in_a_namespace_that_nobody_looks_after_is_refused() =>
        Assert.Contains("--watch-namespace", (await ReviewAsync(Sound, watched: "elsewhere")).Status!.Message, StringComparison.Ordinal);

    private void Answer(params ReadOnlySpan<bool> allowed)
    {
        foreach (bool answer in allowed)
        {
            server.List(FakeApiServer.Text(201, $$$"""{"spec":{},"status":{"allowed":{{{(answer ? "true" : "false")}}}}}"""));
        }
    }

    private async Task<AdmissionResponse> ReviewAsync(string? value, string? old = null, string watched = "shop")
    {
        using KubernetesClient client = server.Client();
        ClusterView view = new(client, new(new SealKey(new byte[32])), [watched], _ => { }, TimeProvider.System);
        return await new GateAdmission(view, new(client)).ReviewAsync(new()
        {
            Uid = "u",
            Operation = AdmissionOperation.Create,
            Kind = new("schemagate.dev", "v1alpha1", "SchemaGate"),
            Resource = new("schemagate.dev", "v1alpha1", "schemagates"),
            Namespace = "shop",
            UserInfo = new() { Username = "tenant" },
            Object = value is null ? null : JsonElement.Parse(value),
            OldObject = old is null ? null : JsonElement.Parse(old),
        }, TestContext.Current.CancellationToken);
    }
}
