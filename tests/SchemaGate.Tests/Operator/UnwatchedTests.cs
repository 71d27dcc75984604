using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What may be written in a namespace that the operator was not told to look after.</summary>
public sealed class UnwatchedTests
{
    [Theory]
    [InlineData("Deployment", true)]
    [InlineData("StatefulSet", true)]
    [InlineData("ReplicaSet", true)]
    [InlineData("Deployment", false)]
    [InlineData("StatefulSet", false)]
    [InlineData("ReplicaSet", false)]
    public async Task The_label_may_be_taken_away_and_nothing_else_of_the_template_changed(string kind, bool isTakenAway)
    {
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        using KubernetesClient client = api.Client();
        using ImageEvidence images = new(allowPlainHttp: true, TimeProvider.System);
        SealKey key = new(new byte[32]);
        WorkloadReader reader = new(key);
        ClusterView view = new(client, reader, ["shop"], _ => { }, TimeProvider.System);
        HoldJudge judge = new(view, new(view, images, client, TimeProvider.System), TimeProvider.System);
        Questions questions = new(client, view, judge, TimeProvider.System);
        Func<AdmissionRequest, CancellationToken, Task<AdmissionResponse>> review = kind switch
        {
            "Deployment" => new DeploymentAdmission(view, reader, judge, questions, new(key), TimeProvider.System).ReviewAsync,
            "StatefulSet" => new PodSetAdmission(view, reader, judge, questions, new(key), TimeProvider.System).ReviewAsync,
            _ => new ReplicaSetAdmission(client, view, reader, judge, questions, TimeProvider.System).ReviewAsync,
        };

        JsonObject before = Written(kind);
        JsonObject after = Written(kind);
        JsonNode template = after["spec"]!["template"]!;
        template["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "a", ["image"] = "b" }) };
        if (isTakenAway)
        {
            after["metadata"]!["labels"]!.AsObject().Remove("schemagate.dev/gated");
            template["metadata"]!["labels"]!.AsObject().Remove("schemagate.dev/gated");
        }

        AdmissionResponse answer = await review(Request(kind, before, after), TestContext.Current.CancellationToken);
        Assert.Equal(isTakenAway, answer.Allowed);
        Assert.False((await review(Request(kind, null, before), TestContext.Current.CancellationToken)).Allowed);
    }

    private static JsonObject Written(string kind)
    {
        JsonObject value = kind == "StatefulSet" ? Cluster.StatefulSet("""{"type":"RollingUpdate"}""") : Cluster.Deployment();
        (value["apiVersion"], value["kind"]) = ("apps/v1", kind);
        value["metadata"]!["namespace"] = "other";
        return value;
    }

    private static AdmissionRequest Request(string kind, JsonNode? before, JsonNode now) => new()
    {
        Uid = "r",
        Operation = before is null ? AdmissionOperation.Create : AdmissionOperation.Update,
        Kind = new("apps", "v1", kind),
        Resource = new("apps", "v1", $"{kind.ToLowerInvariant()}s"),
        Namespace = "other",
        Object = JsonSerializer.SerializeToElement(now),
        OldObject = before is null ? null : JsonSerializer.SerializeToElement(before),
    };
}
