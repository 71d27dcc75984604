using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Which trace a write belongs to, and what of it is noted on the object.</summary>
public sealed class RolloutTraceTests
{
    private const string Ours = "00-11111111111111111111111111111111-1111111111111111-01";
    private const string Before = "00-22222222222222222222222222222222-2222222222222222-01";
    private const string Brought = "00-33333333333333333333333333333333-3333333333333333-01";

    private static readonly string s_other = Cluster.Template.Replace("x:1", "x:2", StringComparison.Ordinal);

    [Fact]
    public void A_new_template_begins_a_trace_that_the_workload_names()
    {
        Assert.Equal(Ours, Noted(NewTemplate()));
        Assert.Null(RolloutTrace.Of(NewTemplate()).Context);
        Assert.Equal(Ours, Noted(Request(Cluster.Deployment())));
    }

    /// <summary>Its pod template, and all else that its owner wrote, stays as it is.</summary>
    [Fact]
    public void Nothing_but_the_workload_s_own_annotation_is_written()
    {
        AdmissionRequest request = Request(WithoutAnnotations());
        JsonObject now = Cluster.Apply(RolloutTrace.Of(request).Noted(request.Allow(), Ours).Patch!, WithoutAnnotations())!;
        Assert.Equal($$"""{"schemagate.dev/traceparent":"{{Ours}}"}""", now["metadata"]!["annotations"]!.ToJsonString());
        now["metadata"]!.AsObject().Remove("annotations");
        Assert.True(JsonNode.DeepEquals(WithoutAnnotations(), now));
    }

    [Fact]
    public void What_is_written_anyway_is_written_too()
    {
        AdmissionRequest request = Request(WithoutAnnotations());
        AdmissionResponse response = request.Allow(
            SchemaGate.Kubernetes.Resources.JsonPatch.Empty.Add("/metadata/annotations", new JsonObject { ["a"] = "b" }));
        JsonObject now = Cluster.Apply(RolloutTrace.Of(request).Noted(response, Ours).Patch!, WithoutAnnotations())!;
        JsonNode annotations = now["metadata"]!["annotations"]!;
        Assert.Equal(("b", Ours), ((string?)annotations["a"], (string?)annotations[Names.Traceparent]));
    }

    [Fact]
    public void A_trace_that_is_not_recorded_is_named_nowhere() => Assert.Null(Noted(NewTemplate(), null));

    [Fact]
    public void A_rehearsal_shows_nothing_of_it() => Assert.Null(Noted(Request(Cluster.Deployment()) with { DryRun = true }));

    [Fact]
    public void What_is_refused_is_not_written() => Assert.Null(
        RolloutTrace.Of(Request(Cluster.Deployment())).Noted(Request(Cluster.Deployment()).Deny("no"), Ours).Patch);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_write_of_the_same_template_continues_its_trace_until_it_is_released(bool isReleased)
    {
        JsonObject stored = Cluster.Deployment(Annotation(Before, isReleased ? "a record" : null));
        AdmissionRequest request = Request(Cluster.Deployment(Annotation(Before, isReleased ? "a record" : null)), stored);
        Assert.Equal(isReleased ? null : new string('2', 32), RolloutTrace.Of(request).Context?.TraceId.ToString());
        Assert.Equal(Before, Noted(request));
    }

    [Fact]
    public void A_write_that_leaves_it_out_takes_it_away_from_nobody() =>
        Assert.Equal(Before, Noted(Request(Cluster.Deployment(), Cluster.Deployment(Annotation(Before)))));

    [Fact]
    public void Who_brings_a_context_of_his_own_keeps_it()
    {
        AdmissionRequest request = NewTemplate(Brought);
        Assert.Equal(new string('3', 32), RolloutTrace.Of(request).Context?.TraceId.ToString());
        Assert.Equal(Brought, Noted(request));
    }

    /// <summary>It takes the annotations of the ReplicaSet that it goes back to.</summary>
    [Fact]
    public void A_rollback_by_kubectl_is_a_rollout_of_its_own()
    {
        AdmissionRequest request = Request(
            Cluster.Deployment(Annotation(Brought, "the record of then"), template: s_other),
            Cluster.Deployment(Annotation(Before, "a record")));
        Assert.Null(RolloutTrace.Of(request).Context);
        Assert.Equal(Ours, Noted(request));
    }

    [Theory]
    [InlineData("no context")]
    [InlineData("00-33333333333333333333333333333333-3333333333333333-00")]
    public void What_is_no_recorded_context_is_continued_by_nobody(string text) =>
        Assert.Null(RolloutTrace.Of(Request(Cluster.Deployment(Annotation(text)))).Context);

    [Fact]
    public void A_ReplicaSet_that_is_born_continues_what_its_Deployment_hands_on()
    {
        AdmissionRequest request = Request(Cluster.ReplicaSet(Annotation(Before)), resource: "replicasets");
        Assert.Equal(new string('2', 32), RolloutTrace.Of(request).Context?.TraceId.ToString());
        Assert.Null(RolloutTrace.Of(request).Noted(request.Allow(), Ours).Patch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pod_is_written_to_where_it_is_held(bool isHeld)
    {
        AdmissionRequest request = Request(Cluster.Deployment(), resource: "pods");
        AdmissionResponse response = isHeld
            ? request.Allow(SchemaGate.Kubernetes.Resources.JsonPatch.Empty.Add("/metadata/labels/a", "b"))
            : request.Allow();
        Assert.Equal(
            isHeld, RolloutTrace.Of(request).Noted(response, Ours).Patch is { } patch
                && (string?)Cluster.Apply(patch, Cluster.Deployment())!["metadata"]!["annotations"]![Names.Traceparent] == Ours);
    }

    private static AdmissionRequest NewTemplate(string now = Before) =>
        Request(Cluster.Deployment(Annotation(now), template: s_other), Cluster.Deployment(Annotation(Before)));

    private static JsonObject WithoutAnnotations()
    {
        JsonObject value = Cluster.Deployment();
        value["metadata"]!.AsObject().Remove("annotations");
        return value;
    }

    private static string Annotation(string traceparent, string? record = null) => record is null
        ? $$"""{"schemagate.dev/traceparent":"{{traceparent}}"}"""
        : $$"""{"schemagate.dev/traceparent":"{{traceparent}}","schemagate.dev/released":"{{record}}"}""";

    /// <summary>The annotation of what is stored in the end.</summary>
    private static string? Noted(AdmissionRequest request, string? context = Ours)
    {
        JsonObject value = JsonNode.Parse(request.Object!.Value.GetRawText())!.AsObject();
        AdmissionResponse response = RolloutTrace.Of(request).Noted(request.Allow(), context);
        JsonObject now = response.Patch is { } patch ? Cluster.Apply(patch, value)! : value;
        return (string?)now["metadata"]!["annotations"]?[Names.Traceparent];
    }

    private static AdmissionRequest Request(JsonObject value, JsonObject? old = null, string resource = "deployments") => new()
    {
        Uid = "u",
        Operation = old is null ? AdmissionOperation.Create : AdmissionOperation.Update,
        Kind = new("apps", "v1", "Deployment"),
        Resource = new("apps", "v1", resource),
        Namespace = "shop",
        Name = "shop",
        Object = JsonSerializer.SerializeToElement(value),
        OldObject = old is null ? null : JsonSerializer.SerializeToElement(old),
    };
}
