using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class UndoTests : IAsyncLifetime
{
    private StoredCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await StoredCluster.StartAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Theory]
    [InlineData("deployment/shop")]
    [InlineData("deployments/shop")]
    [InlineData("deploy/shop")]
    public async Task A_paused_Deployment_gets_the_template_of_what_runs_and_nothing_else(string target)
    {
        JsonObject before = Held(version: 2, new Hold(false, "t", DateTimeOffset.UnixEpoch, "R", "m"), paused: true);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        // Admission knows the revision.
        cluster.Admission = value =>
        {
            value["spec"]!.AsObject().Remove("paused");
            value["metadata"]!["annotations"]!.AsObject().Remove(Names.Hold);
        };

        Outcome outcome = await cluster.RunAsync("undo", target);

        Assert.Equal(
            (0, "deployment/shop is back at revision 1 (shop-1), which requires shop=x:1.\n", ""),
            (outcome.Code, outcome.Output, outcome.Error));
        JsonObject after = (JsonObject)before.DeepClone();
        after["spec"]!["template"] = JsonNode.Parse(Stored.Template(1));
        cluster.Admission(after);
        after["metadata"]!["resourceVersion"] = "2";
        Assert.True(JsonNode.DeepEquals(after, cluster["deployments/shop"]), cluster["deployments/shop"].ToJsonString());
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    public async Task It_goes_back_to_what_runs_while_the_newest_does_not_and_else_to_the_one_before(int version, int expected)
    {
        Held(version);
        cluster.Add(StoredCluster.ReplicaSets, "shop-2", Stored.ReplicaSet(revision: 2, version: 2, pods: 2));
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 0));
        Assert.Equal(expected, (int)JsonNode.Parse((await cluster.RunAsync("undo", "deploy/shop", "-o", "json")).Output)!["revision"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Stored.Template(expected)), cluster["deployments/shop"]["spec"]!["template"]));
    }

    [Fact]
    public async Task A_revision_whose_release_was_taken_back_is_left_for_what_runs()
    {
        Held(version: 3);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        cluster.Add(StoredCluster.ReplicaSets, "shop-2", Stored.ReplicaSet(revision: 2, version: 2, pods: 0));
        cluster.Add(StoredCluster.ReplicaSets, "shop-3", Stored.ReplicaSet(revision: 3, version: 3, pods: 0));
        Assert.Contains("revision 1 (shop-1)", (await cluster.RunAsync("undo", "deploy/shop")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_is_named_by_its_number()
    {
        Held(version: 3);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 0));
        cluster.Add(StoredCluster.ReplicaSets, "shop-2", Stored.ReplicaSet(revision: 2, version: 2, pods: 2));
        Outcome missing = await cluster.RunAsync("undo", "deploy/shop", "--to-revision", "7");
        Assert.Equal((1, "deployment/shop has no revision 7. It has 1, 2.\n"), (missing.Code, missing.Output));
        Outcome outcome = await cluster.RunAsync("undo", "deploy/shop", "--to-revision", "1");
        Assert.Contains("back at revision 1", outcome.Output, StringComparison.Ordinal);
        Outcome again = await cluster.RunAsync("undo", "deploy/shop", "--to-revision", "1");
        Assert.Equal(0, again.Code);
        Assert.Contains("already. Nothing was changed.", again.Output, StringComparison.Ordinal);
        Assert.Single(cluster.Writes);
    }

    [Fact]
    public async Task What_is_not_there_is_said_and_nothing_is_written()
    {
        Outcome outcome = await cluster.RunAsync("undo", "deploy/shop");
        Assert.Equal((1, "There is no Deployment shop in namespace shop.\n"), (outcome.Code, outcome.Output));
        Held(version: 1);
        // Another Deployment's, with the same labels.
        JsonObject foreign = Stored.ReplicaSet(revision: 1, version: 2, pods: 2);
        foreign["metadata"]!["ownerReferences"]![0]!["uid"] = "d-2";
        cluster.Add(StoredCluster.ReplicaSets, "other", foreign);
        outcome = await cluster.RunAsync("undo", "deploy/shop");
        Assert.Equal((1, "deployment/shop has no revision to go back to. It has none.\n"), (outcome.Code, outcome.Output));
        Assert.Empty(cluster.Writes);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        Held(version: 2);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        Outcome outcome = await cluster.RunAsync("undo", "deploy/shop", "--dry-run");
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("deployment/shop would go back to revision 1", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(cluster.Writes);
    }

    [Fact]
    public async Task What_its_controller_writes_meanwhile_is_read_again()
    {
        Held(version: 2);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        cluster.Fault = request => cluster.Writes.Count == 1 && request.StartsWith("PATCH", StringComparison.Ordinal) ? 422 : null;
        Assert.Equal(0, (await cluster.RunAsync("undo", "deploy/shop")).Code);
        Assert.Equal(2, cluster.Writes.Count);
        cluster.Fault = request => request.StartsWith("PATCH", StringComparison.Ordinal) ? 403 : null;
        Outcome refused = await cluster.RunAsync("undo", "deploy/shop", "--to-revision", "1");
        Assert.Equal(0, refused.Code);
        Held(version: 3);
        refused = await cluster.RunAsync("undo", "deploy/shop");
        Assert.Equal(1, refused.Code);
        Assert.Contains("u may not", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_even_so_is_1_and_says_why()
    {
        Held(version: 2);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        cluster.Admission = value => value["metadata"]!["annotations"]![Names.Hold] =
            Stored.Hold(false, value.AsDeployment().Template.Hash).ToJson();
        Outcome outcome = await cluster.RunAsync("undo", "deploy/shop");
        Assert.Equal(1, outcome.Code);
        Assert.EndsWith(
            "SchemaGate holds it, still or again: MigrationsPending: shop: m2 is not applied.\n", outcome.Output, StringComparison.Ordinal);
        Held(version: 2, Stored.Hold(false), paused: true);
        cluster.Admission = _ => { };
        Assert.Contains(
            "no admission has answered", (await cluster.RunAsync("undo", "deploy/shop")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_of_the_owners_stays_and_is_told()
    {
        Held(version: 2, hold: null, paused: true);
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2));
        Outcome outcome = await cluster.RunAsync("undo", "deploy/shop");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("`kubectl rollout resume deployment/shop -n shop`", outcome.Output, StringComparison.Ordinal);
    }

    private JsonObject Held(int version, Hold? hold = null, bool? paused = null) =>
        (JsonObject)cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(version, hold, paused)).DeepClone();
}
