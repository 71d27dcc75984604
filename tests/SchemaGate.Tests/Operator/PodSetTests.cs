using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What is read of StatefulSets and DaemonSets, and written to them.</summary>
public sealed class PodSetTests
{
    private static readonly Hold s_hold = new(Paused: null, "t", DateTimeOffset.UnixEpoch, Reasons.MigrationsPending, "words");

    [Theory]
    [InlineData("""{"type":"RollingUpdate"}""", null)]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""", 0)]
    [InlineData("""{"rollingUpdate":{"partition":2,"maxUnavailable":1}}""", 2)]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1}}""", null)]
    public void A_partition_that_is_raised_is_given_back_exactly(string strategy, int? partition)
    {
        JsonObject owned = Cluster.StatefulSet(strategy);
        Assert.Equal((Brake.Partition, partition), (owned.AsStatefulSet().Brake, owned.AsStatefulSet().Partition));

        Pause parted = new(false, s_hold with { Partition = new(partition) }) { Partition = Pause.AboveAnyOrdinal };
        JsonObject held = Cluster.PatchOf(owned.AsStatefulSet(), parted, null).Apply(owned)!;
        Assert.Equal(Pause.AboveAnyOrdinal, Cluster.Read(held.AsStatefulSet()).Partition);
        Assert.Equal(parted.Hold, Cluster.Read(held.AsStatefulSet()).Hold);
        Assert.Equal("true", held["metadata"]!["labels"]![Names.Held]!.GetValue<string>());
        Assert.True(Cluster.PatchOf(held.AsStatefulSet(), parted, null).IsEmpty);

        JsonObject ended = Cluster.PatchOf(held.AsStatefulSet(), new(false, null) { Partition = partition }, null).Apply(held)!;
        ended["metadata"]!.AsObject().Remove("annotations");
        Assert.True(JsonNode.DeepEquals(owned, ended), ended.ToJsonString());
    }

    [Fact]
    public void Only_a_rolling_update_has_a_partition()
    {
        JsonObject set = Cluster.StatefulSet("""{"type":"OnDelete"}""");
        Assert.Equal(Brake.Refusal, set.AsStatefulSet().Brake);
        Assert.Equal(Brake.Refusal, PodSet.DaemonSets.Read(Element(Cluster.StatefulSet("""{"type":"RollingUpdate"}"""))).Brake);
    }

    [Theory]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{"partition":2}}""", null, 2)]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{"partition":2}}""", 5, 7)]
    [InlineData("""{"type":"RollingUpdate","rollingUpdate":{"partition":2147483647}}""", 5, int.MaxValue)]
    [InlineData("""{"type":"RollingUpdate"}""", null, 3)]
    [InlineData("""{"type":"OnDelete"}""", null, null)]
    public void Pods_below_an_ordinal_are_made_of_the_current_revision(string strategy, int? start, int? below)
    {
        JsonObject set = Cluster.StatefulSet(strategy);
        set["status"] = new JsonObject { ["currentReplicas"] = 3 };
        if (start is not null)
        {
            set["spec"]!["ordinals"] = new JsonObject { ["start"] = start };
        }

        Assert.Equal(below, set.AsStatefulSet().CurrentBelow);
    }

    [Fact]
    public void A_pod_whose_label_somebody_took_away_is_held_by_its_scheduling_gate()
    {
        Pod pod = Pod.Resource.Read(JsonDocument.Parse("""
            {"metadata":{"name":"db-0"},"spec":{"schedulingGates":[{"name":"schemagate.dev/migrations"}],"containers":[]},
             "status":{"phase":"Pending"} }
            """).RootElement);
        Assert.True(pod is { IsHeld: true, IsPending: true, Ordinal: 0 });
    }

    [Fact]
    public void A_revision_s_template_has_the_name_of_its_set_s()
    {
        JsonNode template = JsonNode.Parse(Cluster.Template)!;
        template["$patch"] = "replace";
        template["metadata"]!["creationTimestamp"] = null;
        JsonObject revision = new()
        {
            ["metadata"] = new JsonObject { ["name"] = "shop-5d" },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
        };
        Assert.Equal(Cluster.StatefulSet("{}").AsStatefulSet().Template, ControllerRevision.Resource.Read(Element(revision)).Template);
    }

    [Fact]
    public async Task The_current_revision_of_a_set_that_is_parted_stays_the_one_that_ran()
    {
        JsonObject held = Cluster.StatefulSet("{}");
        held["metadata"]!["annotations"] = new JsonObject
        {
            [Names.Hold] = (s_hold with { Partition = new(null) }).ToJson(),
        };
        Assert.Equal("shop-1", await CurrentAsync(held, "shop-1", "shop-2"));
        Assert.Equal("shop-2", await CurrentAsync(Cluster.StatefulSet("{}"), "shop-1", "shop-2"));
        Assert.Equal("shop-2", await CurrentAsync(held, null, "shop-2"));
    }

    /// <summary>What is stored as the current revision, of the one before and the one that the controller writes.</summary>
    private static async Task<string?> CurrentAsync(JsonObject set, string? before, string now)
    {
        JsonObject With(string? revision)
        {
            JsonObject value = (JsonObject)set.DeepClone();
            value["status"] = revision is null ? new JsonObject() : new JsonObject { ["currentRevision"] = revision };
            return value;
        }

        AdmissionResponse response = await PodSetStatusAdmission.ReviewAsync(
            new()
            {
                Uid = "u",
                Operation = AdmissionOperation.Update,
                Kind = new("apps", "v1", "StatefulSet"),
                Resource = new("apps", "v1", "statefulsets"),
                SubResource = "status",
                Object = Element(With(now)),
                OldObject = Element(With(before)),
            },
            CancellationToken.None);
        Assert.True(response.Allowed);
        JsonObject stored = response.Patch is { } patch ? Cluster.Apply(patch, With(now))! : With(now);
        return stored["status"]!["currentRevision"]?.GetValue<string>();
    }

    private static JsonElement Element(JsonNode value) => JsonSerializer.SerializeToElement(value);
}
