using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Operator.Pods;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What holds a pod is taken off by SchemaGate, or when there is nothing to wait for.</summary>
public sealed class HeldPodTests
{
    private const string Held = """
        {"metadata":{"name":"p","namespace":"shop","uid":"p-1","resourceVersion":"3",
           "labels":{"schemagate.dev/gated":"true","schemagate.dev/held":"true"},
           "annotations":{"schemagate.dev/requires":"shop=registry.test/shop:1"} },
         "spec":{"schedulingGates":[{"name":"schemagate.dev/migrations"},{"name":"theirs"}],
           "initContainers":[{"name":"schemagate-wait","image":"schemagate:1"}],"containers":[{"name":"app","image":"app:1"}]},
         "status":{"phase":"Pending"} }
        """;

    private static readonly SealKey s_key = new(new byte[32]);

    [Theory]
    [InlineData("\"schemagate.dev/held\":\"true\"", "\"other\":\"true\"", "label schemagate.dev/held")]
    [InlineData("{\"name\":\"schemagate.dev/migrations\"},", "", "scheduling gate schemagate.dev/migrations")]
    [InlineData("\"schemagate:1\"", "\"busybox\"", "init container schemagate-wait")]
    [InlineData("shop:1\"", "shop:0\"", "requirement schemagate.dev/requires")]
    public async Task What_holds_a_pod_stays_until_its_migrations_are_applied(string from, string to, string lost)
    {
        string changed = Held.Replace(from, to, StringComparison.Ordinal);
        AdmissionResponse response = await ReviewAsync(changed);
        Assert.False(response.Allowed);
        Assert.Contains($"takes its {lost} away", response.Status!.Message, StringComparison.Ordinal);
        Assert.Contains("m2 is not applied", response.Status.Message, StringComparison.Ordinal);
        Assert.True((await ReviewAsync(changed, released: VerdictServer.Released)).Allowed);
    }

    [Theory]
    [InlineData("dev/gated\":\"true\",", "dev/gated\":\"true\",\"tier\":\"web\",")]
    [InlineData("{\"name\":\"theirs\"}", "{\"name\":\"more\"}")]
    [InlineData("\"app:1\"", "\"app:2\"")]
    public async Task All_else_may_be_changed(string from, string to) =>
        Assert.True((await ReviewAsync(Held.Replace(from, to, StringComparison.Ordinal))).Allowed);

    [Theory]
    [InlineData("Pending", "Running")]
    [InlineData("\"uid\":\"p-1\"", "\"uid\":\"p-1\",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\"")]
    public async Task What_runs_already_or_goes_is_held_by_nothing(string from, string to)
    {
        string old = Held.Replace(from, to, StringComparison.Ordinal);
        Assert.True((await ReviewAsync(old.Replace("schemagate.dev/held", "other", StringComparison.Ordinal), old)).Allowed);
    }

    [Theory]
    [InlineData("Pending", "Pending")]
    [InlineData("Pending", "Running")]
    [InlineData("\"uid\":\"p-1\"", "\"uid\":\"p-1\",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\"")]
    public async Task What_SchemaGate_lets_go_brings_a_seal_along_that_is_not_stored(string from, string to)
    {
        string old = Held.Replace(from, to, StringComparison.Ordinal);
        JsonObject lifted = Lifted(old);
        AdmissionResponse response = await ReviewAsync(lifted.ToJsonString(), old);
        Assert.True(response.Allowed);
        JsonObject stored = Cluster.Apply(response.Patch!, lifted)!;
        JsonObject held = (JsonObject)JsonNode.Parse(old)!;
        Assert.True(JsonNode.DeepEquals(held.AsPod().Lifted.Apply(held), stored));
    }

    [Fact]
    public async Task What_cannot_be_read_lets_nothing_go()
    {
        // The API server keeps a time of which there is none.
        const string Uid = "\"uid\":\"p-1\"";
        string odd = Held.Replace(
            Uid, Uid + ",\"managedFields\":[{\"time\":\"0000-01-01T00:00:00Z\"}]", StringComparison.Ordinal);
        string lifted = odd.Replace("{\"name\":\"schemagate.dev/migrations\"},", "", StringComparison.Ordinal);
        await Assert.ThrowsAsync<JsonException>(() => ReviewAsync(lifted));
        Assert.False((await ReviewAsync(lifted.Replace("0000-", "2026-", StringComparison.Ordinal), old: "null")).Allowed);
    }

    [Fact]
    public async Task A_seal_of_another_pod_lets_nothing_go() => Assert.False((await ReviewAsync(
        Lifted(Held).ToJsonString(), Held.Replace("p-1", "p-2", StringComparison.Ordinal))).Allowed);

    private static JsonObject Lifted(string pod)
    {
        JsonObject held = (JsonObject)JsonNode.Parse(pod)!;
        return new WorkloadPatch(s_key).Lifting(held.AsPod()).Apply(held)!;
    }

    private static async Task<AdmissionResponse> ReviewAsync(string value, string old = Held, string released = "")
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(released));
        return await new HeldPodAdmission(server.View, s_key).ReviewAsync(new()
        {
            Uid = "u",
            Operation = AdmissionOperation.Update,
            Kind = new("", "v1", "Pod"),
            Resource = new("", "v1", "pods"),
            Namespace = "shop",
            UserInfo = new() { Username = "tenant" },
            Object = JsonElement.Parse(value),
            OldObject = JsonElement.Parse(old),
        }, TestContext.Current.CancellationToken);
    }
}
