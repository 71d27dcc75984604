using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Api;

public sealed class RolloutProgressTests
{
    [Theory]
    [InlineData("""{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":3}""", null)]
    [InlineData("""{"observedGeneration":1,"replicas":3,"updatedReplicas":3,"availableReplicas":3}""",
        "its controller has not seen its newest template yet")]
    [InlineData("{}", "its controller has not seen its newest template yet")]
    [InlineData("""{"observedGeneration":2,"replicas":3,"updatedReplicas":1,"availableReplicas":3}""",
        "1 of 3 pods are of its newest template")]
    [InlineData("""{"observedGeneration":2,"replicas":4,"updatedReplicas":3,"availableReplicas":3}""",
        "1 of 4 pods are of an older template still")]
    [InlineData("""{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":2}""", "2 of 3 pods are available")]
    public void A_Deployment_is_rolled_out_when_its_newest_pods_are_available_and_the_others_gone(string status, string? missing) =>
        Assert.Equal(missing, Missing("Deployment", """{"replicas":3}""", status));

    [Theory]
    [InlineData("{}", """{"readyReplicas":3,"updatedReplicas":3,"currentRevision":"b","updateRevision":"b"}""", null)]
    [InlineData("{}", """{"readyReplicas":3,"currentRevision":"b","updateRevision":"b"}""", null)]
    [InlineData("{}", """{"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}""",
        "1 of 3 pods are of its newest template")]
    [InlineData("{}", """{"readyReplicas":2,"updatedReplicas":3,"currentRevision":"b","updateRevision":"b"}""", "2 of 3 pods are ready")]
    [InlineData("""{"rollingUpdate":{"partition":2}}""",
        """{"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}""", null)]
    [InlineData("""{"type":"OnDelete"}""", """{"readyReplicas":3,"updatedReplicas":2,"currentRevision":"a","updateRevision":"b"}""",
        "2 of 3 pods are of its newest template")]
    public void A_StatefulSet_is_rolled_out_as_far_as_its_owner_s_partition_lets_it(string strategy, string status, string? missing)
    {
        JsonObject whole = JsonNode.Parse(status)!.AsObject();
        whole["observedGeneration"] = 2;
        Assert.Equal(missing, Missing("StatefulSet", $$"""{"replicas":3,"updateStrategy":{{strategy}} }""", whole.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2}""", null)]
    [InlineData("""{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":1,"numberAvailable":2}""",
        "1 of 2 pods are of its newest template")]
    [InlineData("""{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1}""",
        "1 of 2 pods are available")]
    public void A_DaemonSet_is_rolled_out_when_each_node_has_its_newest_pod(string status, string? missing) =>
        Assert.Equal(missing, Missing("DaemonSet", "{}", status));

    [Theory]
    [InlineData("""{"observedGeneration":"2","phase":"Healthy"}""", null)]
    [InlineData("""{"observedGeneration":"2","phase":"Paused","message":"CanaryPauseStep"}""", "it is Paused: CanaryPauseStep")]
    [InlineData("""{"observedGeneration":"1","phase":"Healthy"}""", "its controller has not seen its newest template yet")]
    public void A_Rollout_says_itself_how_it_is(string status, string? missing) =>
        Assert.Equal(missing, Missing("Rollout", "{}", status));

    [Fact]
    public void What_is_held_is_not_rolled_out_whatever_its_status_says()
    {
        string hold = new Hold(null, "t", DateTimeOffset.UnixEpoch, Reasons.MigrationsPending, "shop: m2 is not applied.").ToJson();
        RolloutProgress held = RolloutProgress.Of("StatefulSet", Workload(
            "{}", """{"observedGeneration":2,"readyReplicas":1,"currentRevision":"b","updateRevision":"b"}""", hold));
        Assert.Equal((false, Reasons.MigrationsPending, "shop: m2 is not applied."), (held.IsDone, held.Reason, held.Message));

        RolloutProgress refused = RolloutProgress.Of("Deployment", Workload("{}", """
            {"observedGeneration":2,"replicas":1,"updatedReplicas":1,"availableReplicas":1,
             "conditions":[{"type":"Progressing","status":"False","reason":"ReplicaSetCreateError","message":"denied"}]}
            """));
        Assert.Equal((false, "ReplicaSetCreateError", "denied"), (refused.IsDone, refused.Reason, refused.Message));
    }

    private static string? Missing(string kind, string spec, string status) =>
        RolloutProgress.Of(kind, Workload(spec, status)) is { IsDone: false, Message: var missing } ? missing : null;

    private static JsonElement Workload(string spec, string status, string? hold = null)
    {
        JsonObject metadata = new() { ["generation"] = 2 };
        if (hold is not null)
        {
            metadata["annotations"] = new JsonObject { [Names.Hold] = hold };
        }

        JsonObject workload = new() { ["metadata"] = metadata, ["spec"] = JsonNode.Parse(spec), ["status"] = JsonNode.Parse(status) };
        return JsonDocument.Parse(workload.ToJsonString()).RootElement;
    }
}
