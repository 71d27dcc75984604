using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Running;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Which code runs, who holds its successor, what begins later, and what its sessions are called.</summary>
public sealed class RunningCodeTests : IAsyncLifetime
{
    private const string Held = """
        ,"annotations":{"schemagate.dev/hold":
          "{\"template\":\"t\",\"since\":\"2024-12-24T09:30:00Z\",\"reason\":\"ContractWaits\",\"message\":\"m\"}"}
        """;

    private readonly Dictionary<string, string> gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> items = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];
    private bool isEarly;
    private int? refused;
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        for (int request = 0; request < 10; request++)
        {
            server.List(AnswerAsync);
        }

        client = server.Client();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("billing", Reasons.ContractStuck, true)]
    [InlineData("billing", Reasons.ContractWaits, true)]
    [InlineData("billing", Reasons.Rehearsing, false)]
    [InlineData("stock", Reasons.ContractStuck, false)]
    public async Task A_gate_that_waits_for_running_code_itself_holds_the_successor(string gate, string reason, bool isHeld)
    {
        gates[gate] = reason;
        items["pods"] = PodOf("replicaset", "shop-1", "shop=schema:1");
        items["replicasets"] = ReplicaSetOf("shop-1", "shop=schema:1", 1);
        RunningCode code = Assert.Single((await LookAsync(DeploymentOf("shop=schema:2,billing=schema:2", 1, Held))).Code);
        Assert.Equal(("schema:1", isHeld ? "billing" : null), (code.Requires, code.HeldBy));
    }

    [Fact]
    public async Task A_gate_that_waits_for_others_only_lets_go_by_itself()
    {
        gates["billing"] = Reasons.ContractWaits;
        items["pods"] = PodOf("replicaset", "shop-1", "shop=schema:1");
        items["replicasets"] = ReplicaSetOf("shop-1", "shop=schema:1", 1);
        // What holds it here is no contract, so nobody waits for this gate.
        string annotations = Held.Replace("ContractWaits", "SpecInvalid", StringComparison.Ordinal);
        Assert.Null(Assert.Single((await LookAsync(DeploymentOf("shop=schema:2,billing=schema:2", 1, annotations))).Code).HeldBy);
    }

    [Fact]
    public async Task Pods_of_a_StatefulSet_are_counted_by_the_revision_that_has_made_them()
    {
        items["pods"] = string.Join(
            ',', PodOf("statefulset", "shop", "shop=schema:1", "shop-a"), PodOf("statefulset", "shop", "shop=schema:2", "shop-b"));
        GatedPodSet set = SetOf(replicas: 2);
        Assert.Equal(
            ["statefulset/shop schema:1 1 schema:2", "statefulset/shop schema:2 1 schema:2"],
            (await LookAsync(set)).Code.Select(code => $"{code.Word} {code.Requires} {code.Pods} {code.Next}"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_StatefulSet_whose_pods_are_away_makes_them_of_the_revision_that_it_has()
    {
        Assert.Equal(
            [("statefulset/shop", "schema:1", false), ("statefulset/shop", "schema:2", false)],
            (await LookAsync(SetOf(replicas: 2))).Code.Select(code => (code.Word, code.Requires, code.IsLater)));
        Assert.Equal(
            [("statefulset/shop", "schema:2", true)],
            (await LookAsync(SetOf(replicas: 0))).Code.Select(code => (code.Word, code.Requires, code.IsLater)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_CronJob_makes_pods_later_also_on_a_server_before_1_21(bool early)
    {
        isEarly = early;
        items["cronjobs"] = string.Join(
            ',', CronJobOf("nightly", "shop=schema:1", "false"), CronJobOf("off", "shop=schema:1", "true"),
            CronJobOf("other", "other=x", "false"));
        Assert.Equal(
            [("cronjob/nightly", "schema:1", 0, true)],
            (await LookAsync()).Code.Select(code => (code.Word, code.Requires, code.Pods, code.IsLater)));
        Assert.Equal(early, asked.Any(path => path.Contains("v1beta1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(403, "lacks the verb list on cronjobs.batch")]
    [InlineData(404, "has no cronjobs.batch")]
    public async Task CronJobs_that_cannot_be_listed_stop_nothing_and_that_is_said(int status, string said)
    {
        refused = status;
        items["pods"] = PodOf("replicaset", "shop-1", "shop=schema:1");
        RunningLook look = await LookAsync();
        Assert.Equal("schema:1", Assert.Single(look.Code).Requires);
        Assert.Contains(said, look.Unlisted, StringComparison.Ordinal);
        refused = null;
        Assert.Null((await LookAsync()).Unlisted);
    }

    [Fact]
    public async Task A_revision_that_requires_the_gate_counts_also_where_its_Deployment_does_no_more()
    {
        items["replicasets"] = string.Join(
            ',', ReplicaSetOf("shop-1", "shop=schema:1", 1, "v1"), ReplicaSetOf("else-1", "other=x", 1, "v9"));
        RunningLook look = await LookAsync();
        RunningCode code = Assert.Single(look.Code);
        Assert.Equal(
            ("deployment/shop revision 1", "schema:1", 0, false), (code.Word, code.Requires, code.Pods, code.IsLater));
        Assert.Equal(new NamedCode("v1", "schema:1"), Assert.Single(look.Named));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_Deployment_that_waits_without_pods_would_make_those_of_the_revision_that_was_made_last(int replicas)
    {
        items["replicasets"] = string.Join(
            ',', ReplicaSetOf("shop-2", "shop=schema:2", 0, made: "2024-12-24T09:00:00Z"),
            ReplicaSetOf("shop-1", "shop=schema:1", 0, made: "2024-12-23T09:00:00Z"));
        RunningCode code = Assert.Single((await LookAsync(DeploymentOf("shop=schema:3", replicas, Held))).Code);
        Assert.Equal(("deployment/shop", "schema:2", true), (code.Word, code.Requires, code.IsLater));
        // Nothing waits: it makes one of its own.
        code = Assert.Single((await LookAsync(DeploymentOf("shop=schema:3", 0, ""))).Code);
        Assert.Equal("schema:3", code.Requires);
    }

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(1, "", false)]
    [InlineData(1, Held, true)]
    public async Task A_workload_without_a_pod_makes_some_at_a_time_that_nobody_knows_or_now(int replicas, string annotations, bool isLater)
    {
        items["replicasets"] = ReplicaSetOf("shop-1", "shop=schema:1", 0);
        RunningCode code = Assert.Single((await LookAsync(DeploymentOf("shop=schema:1", replicas, annotations))).Code);
        Assert.Equal(("deployment/shop", "schema:1", 0, isLater), (code.Word, code.Requires, code.Pods, code.IsLater));
    }

    [Fact]
    public async Task What_sessions_are_called_is_known_of_each_revision_that_is_kept_of_Jobs_and_of_pods()
    {
        items["replicasets"] = string.Join(
            ',', ReplicaSetOf("shop-1", "shop=schema:1", 0, "v1"), ReplicaSetOf("shop-2", "shop=schema:2", 1, "v2"));
        items["jobs"] = $$$"""
            {"metadata":{"name":"import","namespace":"shop","uid":"j"},"spec":{"template":{{{Template("shop=schema:1", "import")}}} },
             "status":{"conditions":[{"type":"Complete","status":"True"}]} }
            """;
        items["cronjobs"] = CronJobOf("nightly", "shop=schema:1", "true", "cron");
        items["pods"] = string.Join(
            ',', PodOf("replicaset", "alien", "shop=schema:0", name: "alone"), PodOf("replicaset", "else", "other=x", name: "else"));
        RunningLook look = await LookAsync(DeploymentOf("shop=schema:3", 1, "", "v3"));
        Assert.Equal(
            ["alone schema:0", "cron schema:1", "import schema:1", "v1 schema:1", "v2 schema:2", "v3 schema:3"],
            look.Named.Select(code => $"{code.ApplicationName} {code.Requires}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private async Task<RunningLook> LookAsync(params GatedWorkload[] workloads)
    {
        SchemaGateResource gate = SchemaGateResource.Resource.Read(JsonElement.Parse("""
            {"metadata":{"name":"shop","namespace":"shop","uid":"u-1"},
             "spec":{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"}},
              "rehearsal":{"mode":"BeforeRun"},"migrate":{"mode":"Job"}},
             "status":{"migrations":{"pending":["m2"]}}}
            """));
        RunningPods running = new(client, key => gates.TryGetValue(key.Name, out string? reason) ? gate with
        {
            Status = new() { Reason = reason },
        } : null);
        RehearsalEvidence breaking = new(null, null, new([], 1) { Statements = new(0, 1, 0, 0) });
        return (await running.ReadAsync(
            gate, SpecReader.Read(gate.Spec).Spec, breaking, workloads, TestContext.Current.CancellationToken))!;
    }

    private static WorkloadReader Reader => new(new SealKey(new byte[32]));

    private static GatedDeployment DeploymentOf(string requires, int replicas, string annotations, string name = "") => GatedDeployment.Of(
        Deployment.Resource.Read(JsonElement.Parse($$$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"d-1","labels":{"schemagate.dev/gated":"true"}{{{annotations}}} },
             "spec":{"replicas":{{{replicas}}},"template":{{{Template(requires, name)}}} } }
            """)), [], Reader);

    /// <summary>Its revision a runs, b is to be.</summary>
    private static GatedPodSet SetOf(int replicas)
    {
        PodSet set = PodSet.StatefulSets.Read(JsonElement.Parse($$$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"s-1","labels":{"schemagate.dev/gated":"true"} },
             "spec":{"replicas":{{{replicas}}},"template":{{{Template("shop=schema:2")}}},
              "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1} } },
             "status":{"currentRevision":"shop-a","updateRevision":"shop-b","replicas":2,"currentReplicas":1,"updatedReplicas":1} }
            """));
        ControllerRevision[] history = [.. new[] { ("shop-a", "shop=schema:1", 1), ("shop-b", "shop=schema:2", 2) }.Select(
            revision => ControllerRevision.Resource.Read(JsonElement.Parse($$$"""
                {"metadata":{"name":"{{{revision.Item1}}}","namespace":"shop"},"revision":{{{revision.Item3}}},
                 "data":{"spec":{"template":{{{Template(revision.Item2)}}} } } }
                """)))];
        return new(set, history, Reader.Read(set), [.. history.Select(revision => Reader.Read(revision) with { Active = true })]);
    }

    private static string Template(string requires, string name = "") => $$$"""
        {"metadata":{"labels":{"schemagate.dev/gated":"true"},
          "annotations":{"schemagate.dev/requires":"{{{requires}}}","schemagate.dev/application-name":"{{{name}}}"} } }
        """;

    private static string ReplicaSetOf(
        string name, string requires, int replicas, string application = "", string made = "2024-12-24T09:00:00Z") => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"r","creationTimestamp":"{{{made}}}",
          "annotations":{"deployment.kubernetes.io/revision":"1"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-1","controller":true}]},
         "spec":{"replicas":{{{replicas}}},"template":{{{Template(requires, application)}}} } }
        """;

    private static string CronJobOf(string name, string requires, string suspend, string application = "") => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"c"},
         "spec":{"suspend":{{{suspend}}},"jobTemplate":{"spec":{"template":{{{Template(requires, application)}}} } } } }
        """;

    private static string PodOf(string kind, string owner, string requires, string hash = "", string name = "") => $$$"""
        {"metadata":{"name":"p-{{{hash}}}{{{name}}}","namespace":"shop","labels":{"schemagate.dev/gated":"true"
            {{{(hash.Length > 0 ? $",\"controller-revision-hash\":\"{hash}\"" : "")}}} },
          "annotations":{"schemagate.dev/requires":"{{{requires}}}","schemagate.dev/application-name":"{{{name}}}"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"{{{kind}}}","name":"{{{owner}}}","uid":"o","controller":true}]},
         "status":{"phase":"Running"} }
        """;

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        lock (asked)
        {
            asked.Add(path);
        }

        if (refused is { } status && path.EndsWith("/cronjobs", StringComparison.Ordinal))
        {
            return FakeApiServer.Text(status, "no")(context);
        }

        if (isEarly && path.Contains("/v1/namespaces/shop/cronjobs", StringComparison.Ordinal))
        {
            return FakeApiServer.Text(404, "404 page not found")(context);
        }

        string list = $$"""{"kind":"List","metadata":{"resourceVersion":"1"},"items":[{{items.GetValueOrDefault(path.Split('/')[^1])}}]}""";
        return context.Response.WriteAsync(list);
    }
}
