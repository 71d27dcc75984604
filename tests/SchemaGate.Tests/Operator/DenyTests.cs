using System.Text.Json;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Who is refused by a closed gate, and who is not even asked about: the API server has no gate of theirs to wait for.</summary>
public sealed class DenyTests : IAsyncLifetime
{
    private const string Template = """
        {"metadata":{"labels":{"app":"shop","schemagate.dev/gated":"true"},
           "annotations":{"schemagate.dev/requires":"shop=registry.test/shop:1"} },"spec":{"containers":[]} }
        """;

    private readonly ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
    private FakeApiServer api = null!;
    private KubernetesClient client = null!;

    public async ValueTask InitializeAsync() => client = (api = await FakeApiServer.StartAsync()).Client();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        images.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Under_Deny_a_Job_of_nobody_s_is_refused_in_the_gates_words()
    {
        api.List(FakeApiServer.Text(200, VerdictServer.Gate()));
        AdmissionResponse response = await ReviewAsync("Job", Job("[]"));
        Assert.False(response.Allowed);
        Assert.Contains("m2 is not applied", response.Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_Deny_what_a_CronJob_makes_is_made_and_its_pods_wait()
    {
        Assert.True((await ReviewAsync("Job", Job(
            """[{"apiVersion":"batch/v1","kind":"CronJob","name":"nightly","uid":"c","controller":true}]"""))).Allowed);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_ReplicaSet_that_is_given_pods_is_refused_at_once()
    {
        Assert.False((await ReviewAsync("ReplicaSet", ReplicaSet(1), ReplicaSet(0))).Allowed);
        // Three seconds are all that its webhook has: nobody is asked, and nobody waits.
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_ReplicaSet_of_a_Rollout_that_is_orphaned_is_no_birth()
    {
        const string Owner = """{"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"shop","uid":"r","controller":true}""";
        Assert.True((await ReviewAsync("ReplicaSet", ReplicaSet(1), ReplicaSet(1, Owner))).Allowed);
    }

    private static string Job(string owners) => $$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"report","namespace":"shop","labels":{"schemagate.dev/gated":"true"},
           "ownerReferences":{{owners}} },
         "spec":{"template":{{Template}} } }
        """;

    private static string ReplicaSet(int replicas, string owner = "") => $$"""
        {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"shop","namespace":"shop",
           "labels":{"schemagate.dev/gated":"true"},"ownerReferences":[{{owner}}] },
         "spec":{"replicas":{{replicas}},"template":{{Template}} },"status":{"replicas":0} }
        """;

    private async Task<AdmissionResponse> ReviewAsync(string kind, string value, string? old = null)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(spec: ""","enforcement":"Deny" """));
        BirthProofs proofs = new(server.View, images, client, TimeProvider.System);
        HoldJudge judge = new(server.View, proofs, TimeProvider.System);
        Questions questions = new(client, server.View, judge, TimeProvider.System);
        AdmissionRequest request = new()
        {
            Uid = "u",
            Operation = old is null ? AdmissionOperation.Create : AdmissionOperation.Update,
            Kind = new(kind == "Job" ? "batch" : "apps", "v1", kind),
            Resource = new(kind == "Job" ? "batch" : "apps", "v1", $"{kind.ToLowerInvariant()}s"),
            Namespace = "shop",
            UserInfo = new() { Username = "tenant" },
            Object = JsonElement.Parse(value),
            OldObject = old is null ? null : JsonElement.Parse(old),
        };
        return kind == "Job"
            ? await new ClaimantAdmission(server.View, judge, questions).ReviewAsync(request, TestContext.Current.CancellationToken)
            : await new ReplicaSetAdmission(client, server.View, Cluster.Reader, judge, questions, TimeProvider.System)
                .ReviewAsync(request, TestContext.Current.CancellationToken);
    }
}
