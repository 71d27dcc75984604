using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class LineageTests : IAsyncLifetime
{
    private const string Denied = "admission webhook \"births.schemagate.dev\" denied the request: "
        + "held by SchemaGate (MigrationsPending): shop: m2 is not applied.";

    private StoredCluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await StoredCluster.StartAsync();
        cluster.Add(StoredCluster.Gates, "shop", JsonNode.Parse(VerdictServer.Gate())!.AsObject());
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task A_pod_leads_to_its_revision_its_Deployment_and_the_gate()
    {
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Add(StoredCluster.Pods, "shop-1-a", Pod("ReplicaSet", "shop-1"));
        Outcome outcome = await cluster.RunAsync("explain", "pod/shop-1-a");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith(
            "pod/shop-1-a (Running) is of replicaset/shop-1. replicaset/shop-1 is revision 1 of deployment/shop, "
            + "which requires shop=x:1, 0 of 2 pods ready. A new revision of deployment/shop is held: MigrationsPending.\n",
            outcome.Output, StringComparison.Ordinal);
        Assert.Contains("gate/shop  Blocked: MigrationsPending", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            "To go back meanwhile: `kubectl rollout undo deployment/shop -n shop --to-revision=1`, or", outcome.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rs/shop-1")]
    [InlineData("replicaset/shop-1")]
    [InlineData("replicasets.apps/shop-1")]
    public async Task A_ReplicaSet_that_runs_leads_to_its_Deployment(string target)
    {
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(1));
        JsonNode report = JsonNode.Parse((await cluster.RunAsync("explain", target, "-o", "json")).Output)!;
        Assert.Equal(("replicaset/shop-1", true), ((string?)report["target"], (bool?)report["open"]));
        Assert.Equal("deployment/shop", (string?)report["workloads"]![0]!["name"]);
        Assert.Equal("shop", (string?)report["gates"]!.AsArray().Single()!["gate"]!["name"]);
    }

    [Fact]
    public async Task A_refusal_is_told_where_no_hold_is_noted()
    {
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(2).Refused(Denied));
        Outcome outcome = await cluster.RunAsync("explain", "deployment/shop");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("deployment/shop  held: MigrationsPending\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  shop: m2 is not applied.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Apply the image's migrations", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_that_does_not_answer_is_a_hold_and_anothers_refusal_is_none()
    {
        cluster.Add(
            StoredCluster.Deployments, "shop", Stored.Deployment(2).Refused("failed calling webhook \"births.schemagate.dev\": EOF"));
        Outcome outcome = await cluster.RunAsync("explain", "deployment/shop");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("The operator does not answer", outcome.Output, StringComparison.Ordinal);
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(2).Refused("exceeded quota"));
        outcome = await cluster.RunAsync("explain", "deployment/shop");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("for another reason: exceeded quota", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pod/none", 1, "There is no Pod none in namespace shop.")]
    [InlineData("rs/none", 1, "There is no ReplicaSet none in namespace shop.")]
    [InlineData("pod/job-a", 0, "pod/job-a (Running) is of Job job. SchemaGate does not hold it.")]
    [InlineData("pod/bare", 0, "pod/bare (Running) is nobody's. SchemaGate does not hold it.")]
    [InlineData("rs/bare", 0, "replicaset/bare is no Deployment's, which requires shop=x:1,")]
    public async Task What_leads_nowhere_says_so(string target, int code, string expected)
    {
        cluster.Add(StoredCluster.Pods, "job-a", Pod("Job", "job"));
        JsonObject bare = Pod("Job", "job");
        bare["metadata"]!.AsObject().Remove("ownerReferences");
        cluster.Add(StoredCluster.Pods, "bare", bare);
        JsonObject set = Stored.ReplicaSet(revision: 1, version: 1, pods: 2);
        set["metadata"]!.AsObject().Remove("ownerReferences");
        cluster.Add(StoredCluster.ReplicaSets, "bare", set);
        Outcome outcome = await cluster.RunAsync("explain", target);
        Assert.Equal(code, outcome.Code);
        Assert.StartsWith(expected, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_waits_leads_to_its_gate_and_the_next_step()
    {
        JsonObject pod = Pod("Job", "job");
        pod["metadata"]!["labels"] = new JsonObject { ["schemagate.dev/held"] = "true" };
        pod["metadata"]!["annotations"] = new JsonObject { ["schemagate.dev/requires"] = "shop=x:2" };
        pod["status"]!["phase"] = "Pending";
        cluster.Add(StoredCluster.Pods, "job-a", pod);
        Outcome outcome = await cluster.RunAsync("explain", "pod/job-a");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith(
            "pod/job-a (Pending) is of Job job, and waits for shop=x:2. The gate shop", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Apply the image's migrations", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sts/db")]
    [InlineData("statefulset/db")]
    [InlineData("pod/db-0")]
    public async Task A_StatefulSet_that_is_held_says_what_runs_meanwhile(string target)
    {
        JsonObject set = Cluster.StatefulSet("{}");
        set["metadata"]!["annotations"] = new JsonObject { [Names.Hold] = Stored.Hold(paused: null).ToJson() };
        cluster.Add(StoredCluster.StatefulSets, "db", set);
        JsonObject pod = Pod("StatefulSet", "db");
        pod["metadata"]!["ownerReferences"]![0]!["apiVersion"] = "apps/v1";
        pod["metadata"]!["ownerReferences"]![0]!["uid"] = "s-1";
        pod["metadata"]!["labels"] = new JsonObject { ["app"] = "shop", ["controller-revision-hash"] = "db-5d" };
        pod["metadata"]!["annotations"] = new JsonObject { [Names.Requires] = "shop=x:0" };
        cluster.Add(StoredCluster.Pods, "db-0", pod);

        JsonObject revision = new()
        {
            ["metadata"] = new JsonObject { ["namespace"] = "shop", ["labels"] = new JsonObject { ["app"] = "shop" } },
            ["revision"] = 4,
        };
        cluster.Add(StoredCluster.ControllerRevisions, "db-5d", revision);
        Outcome outcome = await cluster.RunAsync("explain", target);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("A new revision of statefulset/db is held: MigrationsPending.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  runs db-5d, 0 of 1 ready, which requires shop=x:0\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("`kubectl rollout undo statefulset/db -n shop --to-revision=4`", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("statefulset/db  held", (await cluster.RunAsync("explain", "shop")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_DaemonSet_whose_change_was_refused_says_why()
    {
        JsonObject gate = JsonNode.Parse(VerdictServer.Gate())!.AsObject();
        gate["status"]!["asked"] = new JsonArray(new JsonObject
        {
            ["requires"] = "x:2",
            ["by"] = "daemonset/agent",
            ["at"] = "2026-01-02T03:04:05Z",
            ["reason"] = "MigrationsPending",
            ["message"] = "m2 is not applied.",
        });
        cluster.Add(StoredCluster.Gates, "shop", gate);
        cluster.Add(StoredCluster.DaemonSets, "agent", Cluster.StatefulSet("{}"));
        Outcome outcome = await cluster.RunAsync("explain", "ds/agent");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("A change of daemonset/agent was refused: MigrationsPending.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  shop: x:2: m2 is not applied.\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Job_leads_to_its_pod_that_waits()
    {
        cluster.Add(StoredCluster.Jobs, "job", new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "shop" } });
        Outcome outcome = await cluster.RunAsync("explain", "job/job");
        Assert.Equal((0, "SchemaGate holds no pod of job/job.\n"), (outcome.Code, outcome.Output));
        JsonObject pod = Pod("Job", "job");
        pod["metadata"]!["labels"] = new JsonObject { ["schemagate.dev/held"] = "true", ["job-name"] = "job" };
        pod["metadata"]!["annotations"] = new JsonObject { [Names.Requires] = "shop=x:2" };
        cluster.Add(StoredCluster.Pods, "job-a", pod);
        outcome = await cluster.RunAsync("explain", "job/job");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("pod/job-a (Running) is of Job job, and waits for shop=x:2.", outcome.Output, StringComparison.Ordinal);
    }

    private static JsonObject Pod(string kind, string owner) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = "shop",
            ["ownerReferences"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["name"] = owner, ["uid"] = "u", ["controller"] = true }),
        },
        ["status"] = new JsonObject { ["phase"] = "Running" },
    };
}
