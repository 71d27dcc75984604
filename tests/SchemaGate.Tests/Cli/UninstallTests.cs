using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class UninstallTests : IAsyncLifetime
{
    private const string Webhooks = "apis/admissionregistration.k8s.io/v1";
    private const string Released = ",\"schemagate.dev/released\":\"{}\"";

    private StoredCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await StoredCluster.StartAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Webhooks_go_first_and_then_every_hold_with_its_pause()
    {
        Register();
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(2, Stored.Hold(paused: false), paused: true));
        cluster.Add(StoredCluster.ReplicaSets, "shop-1", Stored.ReplicaSet(revision: 1, version: 1, pods: 2, Released));

        Outcome outcome = await cluster.RunAsync("uninstall", "--yes");

        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal("""
            SchemaGate holds nothing any more.
              mutatingwebhookconfiguration/schemagate: registration
              validatingwebhookconfiguration/schemagate: registration
              deployment/shop -n shop: hold, pause
              replicaset/shop-1 -n shop: record

            """, outcome.Output, ignoreLineEndingDifferences: true);
        Assert.Equal(
            [
                "DELETE mutatingwebhookconfigurations/schemagate", "DELETE validatingwebhookconfigurations/schemagate",
                "PATCH deployments/shop", "PATCH replicasets/shop-1",
            ],
            cluster.Writes, StringComparer.Ordinal);
        JsonObject deployment = cluster["deployments/shop"];
        Assert.False(deployment["spec"]!.AsObject().ContainsKey("paused"));
        // What its owner wrote is there, and nothing of ours.
        Assert.Equal(
            ["deployment.kubernetes.io/revision", "team"],
            deployment["metadata"]!["annotations"]!.AsObject().Select(annotation => annotation.Key), StringComparer.Ordinal);
        Assert.Equal("true", (string?)deployment["metadata"]!["labels"]![Names.Gated]);
        Assert.Single(cluster["replicasets/shop-1"]["metadata"]!["annotations"]!.AsObject());

        Outcome again = await cluster.RunAsync("uninstall", "--yes");
        Assert.Equal((0, "There is nothing to lift.\n"), (again.Code, again.Output));
    }

    [Theory]
    [InlineData(true, true, null, true)]
    [InlineData(false, true, null, null)]
    [InlineData(null, true, null, true)]
    [InlineData(null, null, null, null)]
    [InlineData(false, true, "true", true)]
    [InlineData(null, null, "true", true)]
    public async Task A_pause_is_what_its_owner_wants(bool? noted, bool? paused, string? asked, bool? expected)
    {
        JsonObject deployment = Stored.Deployment(2, Stored.Hold(noted), paused);
        if (asked is not null)
        {
            deployment["metadata"]!["annotations"]![Names.Paused] = asked;
        }

        cluster.Add(StoredCluster.Deployments, "shop", deployment);
        Assert.Equal(0, (await cluster.RunAsync("uninstall", "--yes")).Code);
        Assert.Equal(expected, (bool?)cluster["deployments/shop"]["spec"]!["paused"]);
        Assert.Equal(asked, (string?)cluster["deployments/shop"]["metadata"]!["annotations"]![Names.Paused]);
    }

    [Fact]
    public async Task A_dry_run_names_it_all_and_writes_nothing()
    {
        Register();
        cluster.Add(StoredCluster.Deployments, "shop", Stored.Deployment(2, Stored.Hold(paused: null)));
        JsonNode report = JsonNode.Parse((await cluster.RunAsync("uninstall", "--dry-run", "-o", "json")).Output)!;
        Assert.Equal(("planned", 3), ((string?)report["result"], report["objects"]!.AsArray().Count));
        Assert.Empty(cluster.Writes);
    }

    [Fact]
    public async Task A_note_that_cannot_be_read_is_taken_off_and_leaves_the_pause_alone()
    {
        JsonObject deployment = Stored.Deployment(2, paused: true);
        deployment["metadata"]!["annotations"]![Names.Hold] = "nonsense";
        deployment["metadata"]!["labels"]!.AsObject().Clear();
        cluster.Add(StoredCluster.Deployments, "shop", deployment);
        Assert.EndsWith(
            "deployment/shop -n shop: hold\n", (await cluster.RunAsync("uninstall", "--yes")).Output, StringComparison.Ordinal);
        Assert.True((bool?)cluster["deployments/shop"]["spec"]!["paused"]);
    }

    [Theory]
    [InlineData("admission webhook \"births.schemagate.dev\" denied the request: held by SchemaGate (R): m", 2)]
    [InlineData("failed calling webhook \"births.schemagate.dev\": no endpoints available", 2)]
    [InlineData("pods is forbidden: exceeded quota", 0)]
    public async Task A_controller_that_waits_for_a_birth_is_woken_and_nothing_of_it_stays(string refusal, int writes)
    {
        JsonObject deployment = Stored.Deployment(2).Refused(refusal);
        JsonNode before = deployment["metadata"]!["annotations"]!.DeepClone();
        cluster.Add(StoredCluster.Deployments, "shop", deployment);
        Assert.Equal(0, (await cluster.RunAsync("uninstall", "--yes")).Code);
        Assert.Equal(writes, cluster.Writes.Count);
        Assert.True(JsonNode.DeepEquals(before, cluster["deployments/shop"]["metadata"]!["annotations"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task A_partition_is_what_its_owner_wants(int? wanted)
    {
        JsonObject set = Cluster.StatefulSet("""{"type":"RollingUpdate","rollingUpdate":{"partition":2147483647}}""");
        set["metadata"]!["labels"]![Names.Held] = "true";
        set["metadata"]!["annotations"] = new JsonObject
        {
            [Names.Hold] = (Stored.Hold(paused: null) with { Partition = new(wanted) }).ToJson(),
            [Names.Released] = "r",
        };
        cluster.Add(StoredCluster.StatefulSets, "db", set);
        JsonObject revision = new() { ["metadata"] = set["metadata"]!.DeepClone() };
        cluster.Add(StoredCluster.ControllerRevisions, "db-5d", revision);

        Outcome outcome = await cluster.RunAsync("uninstall", "--yes");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("statefulset/db -n shop: hold, record, label, partition\n", outcome.Output, StringComparison.Ordinal);
        JsonNode left = cluster["statefulsets/db"];
        Assert.Equal(wanted, (int?)left["spec"]!["updateStrategy"]!["rollingUpdate"]?["partition"]);
        Assert.DoesNotContain("schemagate.dev/held", left.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Names.Released, left.ToJsonString() + cluster["controllerrevisions/db-5d"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_waits_is_let_go_or_made_again_by_its_maker_or_named()
    {
        cluster.Add(StoredCluster.Pods, "bare", Waiting("initContainers", "schemagate-wait", owner: null));
        cluster.Add(StoredCluster.Pods, "gated", Waiting("schedulingGates", "schemagate.dev/migrations", owner: null));
        cluster.Add(StoredCluster.Pods, "job", Waiting("initContainers", "schemagate-wait", "Job"));
        JsonObject gone = cluster.Add(StoredCluster.Pods, "runs", Waiting("initContainers", "schemagate-wait", "Job"));
        gone["status"]!["phase"] = "Running";

        Outcome outcome = await cluster.RunAsync("uninstall", "--yes");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("pod/bare -n shop: pod: it waits in an init container", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["PATCH pods/gated", "DELETE pods/job", "PATCH pods/runs"], cluster.Writes, StringComparer.Ordinal);
        Assert.Empty(cluster["pods/gated"]["spec"]!["schedulingGates"]!.AsArray());
        Assert.Empty(cluster["pods/runs"]["metadata"]!["labels"]!.AsObject());
    }

    [Fact]
    public async Task What_cannot_be_written_is_said_and_the_rest_goes_on()
    {
        cluster.Add(StoredCluster.Deployments, "a", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Add(StoredCluster.Deployments, "b", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Fault = request => request == "PATCH deployments/a" ? 403 : null;
        Outcome outcome = await cluster.RunAsync("uninstall", "--yes");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Not everything could be lifted, or told.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("u may not", outcome.Output, StringComparison.Ordinal);
        Assert.False(cluster["deployments/b"]["metadata"]!["annotations"]!.AsObject().ContainsKey(Names.Hold));
    }

    [Fact]
    public async Task Who_may_not_see_the_webhooks_still_lifts_the_holds()
    {
        Register();
        cluster.Add(StoredCluster.Deployments, "a", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Fault = request => request.Contains("webhookconfigurations", StringComparison.Ordinal) ? 403 : null;
        Assert.Equal(1, (await cluster.RunAsync("uninstall", "--yes", "--watch-namespace", "shop")).Code);
        Assert.Equal(["PATCH deployments/a"], cluster.Writes, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_not_heard_yet_that_the_webhook_is_gone_is_asked_again()
    {
        cluster.Add(StoredCluster.Deployments, "a", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Fault = request => request.StartsWith("PATCH", StringComparison.Ordinal) && cluster.Writes.Count < 3 ? 500 : null;
        Assert.Equal(0, (await cluster.RunAsync("uninstall", "--yes")).Code);
        Assert.Equal(3, cluster.Writes.Count);
    }

    [Fact]
    public async Task A_server_that_fails_with_everything_is_not_waited_for_at_every_object()
    {
        Many(30);
        cluster.Fault = request => request.StartsWith("PATCH", StringComparison.Ordinal) ? 500 : null;
        Assert.Equal(1, (await cluster.RunAsync("uninstall", "--yes")).Code);
        Assert.Equal(30 + 15, cluster.Writes.Count);
    }

    [Fact]
    public async Task Many_are_lifted_page_by_page()
    {
        Many(250);
        JsonNode report = JsonNode.Parse((await cluster.RunAsync("uninstall", "--yes", "-o", "json")).Output)!;
        Assert.Equal(("lifted", 250), ((string?)report["result"], report["objects"]!.AsArray().Count));
        Assert.Equal(250, cluster.Writes.Count);
    }

    [Fact]
    public async Task Beside_an_operator_that_runs_nothing_is_lifted()
    {
        int renewals = 0;
        JsonObject lease = cluster.Add(
            "apis/coordination.k8s.io/v1/namespaces/schemagate-system/leases", "schemagate-leader",
            new() { ["spec"] = new JsonObject { ["holderIdentity"] = "a" } });
        cluster.Add(StoredCluster.Deployments, "a", Stored.Deployment(2, Stored.Hold(paused: null)));
        cluster.Fault = _ =>
        {
            lease["spec"]!["renewTime"] = $"2026-01-02T03:04:{(renewals++).ToString("00", CultureInfo.InvariantCulture)}.000000Z";
            return null;
        };
        Outcome outcome = await cluster.RunAsync("uninstall", "--yes");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("An operator runs in namespace schemagate-system", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(cluster.Writes);

        // One that died has left its Lease as it was.
        cluster.Fault = _ => null;
        Assert.Equal(0, (await cluster.RunAsync("uninstall", "--yes")).Code);
        Assert.Single(cluster.Writes);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("1m", 0)]
    public async Task An_operator_that_is_about_to_go_is_waited_for_as_long_as_it_may_take(string timeout, int code)
    {
        int renewals = 0;
        JsonObject lease = cluster.Add(
            "apis/coordination.k8s.io/v1/namespaces/schemagate-system/leases", "schemagate-leader",
            new() { ["spec"] = new JsonObject { ["holderIdentity"] = "a" } });
        cluster.Fault = _ =>
        {
            string second = Math.Min(renewals++, 15).ToString("00", CultureInfo.InvariantCulture);
            lease["spec"]!["renewTime"] = $"2026-01-02T03:04:{second}.000000Z";
            return null;
        };
        Assert.Equal(code, (await cluster.RunAsync("uninstall", "--yes", "--timeout", timeout)).Code);
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("no\n", 1, 0)]
    [InlineData("", 1, 0)]
    public async Task On_a_terminal_it_asks(string answer, int code, int writes)
    {
        cluster.Add(StoredCluster.Deployments, "a", Stored.Deployment(2, Stored.Hold(paused: null)));
        Outcome outcome = await cluster.RunAsync(new Schemagate { IsTerminal = true, Input = answer }, "uninstall");
        Assert.Equal((code, writes), (outcome.Code, cluster.Writes.Count));
        Assert.Contains("deployment/a -n shop: hold", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("Lift it? [y/N] ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_is_3()
    {
        string kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, """
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"} }],
             "clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"} }],"users":[{"name":"u","user":{} }]}
            """, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await Schemagate.RunAsync("uninstall", "--dry-run", "--kubeconfig", kubeconfig)).Code);
        Assert.Equal(3, (await Schemagate.RunAsync("uninstall", "--yes", "--kubeconfig", kubeconfig)).Code);
        File.Delete(kubeconfig);
    }

    private void Register()
    {
        cluster.Add($"{Webhooks}/mutatingwebhookconfigurations", "schemagate", []);
        cluster.Add($"{Webhooks}/validatingwebhookconfigurations", "schemagate", []);
    }

    private static JsonObject Waiting(string member, string name, string? owner) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = "shop",
            ["labels"] = new JsonObject { [Names.Held] = "true" },
            ["ownerReferences"] = owner is null ? [] : new JsonArray(
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = owner, ["name"] = "a", ["uid"] = "u", ["controller"] = true }),
        },
        ["spec"] = new JsonObject { [member] = new JsonArray(new JsonObject { ["name"] = name }) },
        ["status"] = new JsonObject { ["phase"] = "Pending" },
    };

    private void Many(int count)
    {
        foreach (int number in Enumerable.Range(0, count))
        {
            string name = number.ToString("000", CultureInfo.InvariantCulture);
            cluster.Add(StoredCluster.Deployments, name, Stored.Deployment(2, Stored.Hold(paused: null)));
        }
    }
}
