using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SchemaGate.Api;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Kubernetes;
using SchemaGate.Operator;
using SchemaGate.Operator.Running;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The Job of a rehearsal, what is read from its pod, and which pods run older code.</summary>
public sealed class RehearsalJobTests : IAsyncLifetime
{
    private const string Name = "shop-rehearse-1";
    private const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Scratch = ""","scratchUrlFrom":{"name":"scratch","key":"URL"}""";

    private readonly List<string> asked = [];
    private string job = Job("");
    private string pods = "";
    private string jobs = "";
    private string replicaSets = "";
    private FakeApiServer server = null!;
    private KubernetesClient client = null!;
    private RunJobs runs = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        for (int request = 0; request < 10; request++)
        {
            server.List(AnswerAsync);
        }

        client = server.Client();
        SealKey key = new(new byte[32]);
        ClusterView view = new(client, new(key), ["shop"], _ => { }, TimeProvider.System);
        runs = new(client, view, () => key.Claims, new("schemagate:1", null), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public void It_rehearses_the_digest_that_was_judged_in_our_own_pod_whoever_runs_the_migrations()
    {
        JsonObject made = Manifest(
            """{"mode":"Job","template":{"spec":{"containers":[{"name":"a","image":"prisma"}]}},"deadline":"10m"}""");
        JsonNode container = made["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("schemagate:1", (string?)container["image"]);
        Assert.Equal(
            $"rehearse --image=registry.test/shop:1@{Digest} --migrations=prisma/migrations --report-file=/dev/termination-log "
            + "--statements=live --schema=tenant",
            string.Join(' ', container["args"]!.AsArray().Select(argument => (string?)argument)));
        Assert.Equal((600, 0), ((long)made["spec"]!["activeDeadlineSeconds"]!, (int)made["spec"]!["backoffLimit"]!));
        Assert.Equal(
            (Name, "rehearse"), ((string?)made["metadata"]!["name"], (string?)made["metadata"]!["labels"]![JobManifest.Component]));
    }

    [Theory]
    [InlineData("", "DATABASE_URL=owner/URL")]
    [InlineData(Scratch, "DATABASE_URL=shop-db/DATABASE_URL SCRATCH_URL=scratch/URL")]
    public void With_a_server_of_its_own_it_reads_the_gate_s_database_by_the_reading_role(string scratch, string told)
    {
        JsonObject made = Manifest("""{"mode":"Job","urlFrom":{"name":"owner","key":"URL"}}""", scratch);
        JsonNode container = made["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal(told, string.Join(' ', container["env"]!.AsArray()
            .OrderBy(variable => (string?)variable!["name"], StringComparer.Ordinal)
            .Select(variable => $"{variable!["name"]}={Secret(variable)}")));
        Assert.Equal(scratch.Length > 0, container["args"]!.ToJsonString().Contains("--scratch=SCRATCH_URL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","like":"History" """, false)]
    [InlineData(""","like":"Live" """, true)]
    public void It_is_like_the_gate_s_database_where_that_is_asked_for(string like, bool isLive)
    {
        JsonNode container = Manifest("""{"mode":"External"}""", like)["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal(isLive, container["args"]!.ToJsonString().Contains("--like=live", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_writes_the_gate_is_asked_about_each_Secret_that_it_reads()
    {
        GateSpec spec = SpecReader.Read(Gate("""{"mode":"External"}""", Scratch).Spec).Spec;
        Assert.Contains(("spec.rehearsal.scratchUrlFrom.name", "scratch"), spec.Secrets);
    }

    [Fact]
    public async Task What_its_pod_reported_is_read()
    {
        string report = new RehearsalReport([], 3) { Statements = new(1, 2, 0, 0) }.ToJson();
        job = Job("""{"type":"Complete","status":"True"}""");
        pods = $$$"""
            {"metadata":{"name":"p","namespace":"shop"},"status":{"phase":"Succeeded","containerStatuses":[
              {"name":"migrate","state":{"terminated":{"exitCode":0,"message":"{{{JsonEncodedText.Encode(report)}}}"} } }]} }
            """;
        RehearsalEvidence seen = (await ObserveAsync()).Rehearsal;
        Assert.Equal((true, 3, 2), (seen.Job!.Finished, seen.Report!.Count, seen.Report.Statements!.Broken));
    }

    [Fact]
    public async Task One_that_has_ended_is_not_asked_about()
    {
        RehearsalEvidence seen = (await ObserveAsync(result: "\"Passed\"")).Rehearsal;
        Assert.Equal((null, RehearsalResult.Passed, 0), (seen.Job, seen.Record!.Result, asked.Count));
    }

    [Fact]
    public async Task Its_Job_is_made_once_status_says_its_name()
    {
        SchemaGateResource gate = Gate("""{"mode":"Job"}""");
        RehearsalRecord record = RehearsalMapping.Record(gate.Status!.Rehearsal)!;
        Decision decision = new(Verdict.Blocked, "", "", [], null, null, [], TimeSpan.Zero) { Rehearsal = record, Rehearse = new(record) };
        await runs.ActAsync(
            gate, SpecReader.Read(gate.Spec).Spec, decision, Digest, new DatabaseIdentity("7", "shop", "tenant"),
            TestContext.Current.CancellationToken);
        Assert.Equal(["POST jobs"], asked);
    }

    [Fact]
    public async Task Pods_that_have_not_ended_are_counted_by_what_they_require_and_others_are_not()
    {
        pods = string.Join(',', RunningPod("a", "shop=schema:1"), RunningPod("b", "shop=schema:1,other=x"), RunningPod("c", "other=x"),
            RunningPod("d", "shop=schema:1", phase: "Succeeded"), RunningPod("e", "shop=schema:2", held: true),
            RunningPod("f", "shop=schema:2", deletion: "\"2026-01-01T00:00:00Z\""), RunningPod("g", "shop=schema:1", owner: "lone"));
        IReadOnlyList<RunningCode>? running = await RunningAsync(Breaking, "m2");
        Assert.Equal(
            ["replicaset/lone schema:1 1", "replicaset/shop-1 schema:1 2", "replicaset/shop-1 schema:2 1"],
            running!.Select(code => $"{code.Word} {code.Requires} {code.Pods}"),
            StringComparer.Ordinal);
        Assert.Equal("schema:2", Assert.Single(running!, code => code.IsEnding).Requires);
    }

    [Theory]
    [InlineData("ContractWaits", true)]
    [InlineData("SpecInvalid", false)]
    public async Task Code_whose_successor_the_gate_holds_for_what_is_pending_is_told(string reason, bool isHeld)
    {
        pods = RunningPod("a", "shop=schema:1");
        replicaSets = Made("shop-1", "shop=schema:1", 1);
        string hold = $$$"""
            ,"annotations":{"schemagate.dev/hold":
              "{\"template\":\"t\",\"since\":\"2024-12-24T09:30:00Z\",\"reason\":\"{{{reason}}}\",\"message\":\"m\"}"}
            """;
        RunningCode code = Assert.Single(await OfShopAsync(hold));
        Assert.Equal(("schema:1", "schema:2", isHeld), (code.Requires, code.Next, code.IsHeld));
    }

    [Fact]
    public async Task Nobody_asks_for_pods_where_nothing_breaks_or_is_pending()
    {
        Assert.Null(await RunningAsync(new(null, null, new([], 1) { Statements = new(9, 0, 0, 0) }), "m2"));
        Assert.Null(await RunningAsync(new(new(Name, "p", 1, 0), null), "m2"));
        Assert.Null(await RunningAsync(Breaking));
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Where_nothing_was_proved_pods_are_asked_for_too()
    {
        pods = RunningPod("a", "shop=schema:1");
        Assert.Single((await RunningAsync(new(null, null, new([], 1)), "m2"))!);
    }

    [Fact]
    public async Task What_has_no_pod_and_is_about_to_make_one_counts()
    {
        jobs = string.Join(',', GatedJob("waits", "shop=schema:1", ""), GatedJob("other", "other=x", ""),
            GatedJob("done", "shop=schema:1", "{\"type\":\"Complete\",\"status\":\"True\"}"));
        replicaSets = string.Join(',', Made("shop-1", "shop=schema:1", 2), Made("shop-0", "shop=schema:0", 0));
        Assert.Equal(
            ["deployment/shop revision 1 schema:1 0", "job/waits schema:1 0"], await SaidAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Pods_of_before_their_workload_named_the_gate_are_older_code()
    {
        pods = string.Join(',', RunningPod("a", "other=x"), RunningPod("b", "other=x", owner: "alien"));
        replicaSets = Made("shop-1", "other=x", 1);
        Assert.Equal(["deployment/shop revision 1  1"], await SaidAsync(), StringComparer.Ordinal);
    }

    private async Task<IEnumerable<string>> SaidAsync() =>
        (await OfShopAsync()).Select(code => $"{code.Word} {code.Requires} {code.Pods}");

    private async Task<IReadOnlyList<RunningCode>> OfShopAsync(string annotations = "")
    {
        Deployment shop = Deployment.Resource.Read(JsonElement.Parse(
            $$$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"d-1","labels":{"schemagate.dev/gated":"true"}{{{annotations}}} },
             "spec":{"template":{"metadata":{"annotations":{"schemagate.dev/requires":"shop=schema:2"} } } } }
            """));
        return (await RunningAsync(Breaking, [GatedDeployment.Of(shop, [], new(new SealKey(new byte[32])))], "m2"))!;
    }

    private static string Made(string name, string requires, int replicas) => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"r","annotations":{"deployment.kubernetes.io/revision":"1"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-1","controller":true}]},
         "spec":{"replicas":{{{replicas}}},"template":{"metadata":{"annotations":{"schemagate.dev/requires":"{{{requires}}}"} } } } }
        """;

    private static string GatedJob(string name, string requires, string condition) => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"j"},
         "spec":{"template":{"metadata":{"annotations":{"schemagate.dev/requires":"{{{requires}}}"} } } },
         "status":{"conditions":[{{{condition}}}]} }
        """;

    private static RehearsalEvidence Breaking => new(null, null, new RehearsalReport([], 1) { Statements = new(0, 1, 0, 0) });

    private static string Secret(JsonNode variable) =>
        $"{variable["valueFrom"]!["secretKeyRef"]!["name"]}/{variable["valueFrom"]!["secretKeyRef"]!["key"]}";

    private static JsonObject Manifest(string migrate, string scratch = "")
    {
        SchemaGateResource gate = Gate(migrate, scratch);
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(gate.Spec);
        Assert.Empty(problems);
        return JobManifest.OfRehearsal(
            gate, spec, RehearsalMapping.Record(gate.Status!.Rehearsal)!, Digest, new("7", "shop", "tenant"), new("schemagate:1", null));
    }

    private static SchemaGateResource Gate(string migrate, string scratch = "", string result = "null") =>
        SchemaGateResource.Resource.Read(JsonElement.Parse(
        $$$"""
        {"metadata":{"name":"shop","namespace":"shop","uid":"u-1"},
         "spec":{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"}},
          "rehearsal":{"mode":"BeforeRun"{{{scratch}}} },"migrate":{{{migrate}}} },
         "status":{"rehearsal":{"job":"{{{Name}}}","plan":"p","attempt":1,"startedAt":"2024-12-24T10:00:00Z","result":{{{result}}} } } }
        """));

    private static string Job(string condition) => $$$"""
        {"metadata":{"name":"{{{Name}}}","namespace":"shop","uid":"j","creationTimestamp":"2024-12-24T10:00:00Z",
          "ownerReferences":[{"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","name":"shop","uid":"u-1"}]},
         "status":{"conditions":[{{{condition}}}]} }
        """;

    private static string RunningPod(
        string name, string requires, string phase = "Running", bool held = false, string deletion = "null", string owner = "shop-1") =>
        $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"shop","deletionTimestamp":{{{deletion}}},
          "labels":{"schemagate.dev/gated":"true"{{{(held ? ",\"schemagate.dev/held\":\"true\"" : "")}}} },
          "annotations":{"schemagate.dev/requires":"{{{requires}}}"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"{{{owner}}}","uid":"r","controller":true}]},
         "status":{"phase":"{{{phase}}}"} }
        """;

    private Task<IReadOnlyList<RunningCode>?> RunningAsync(RehearsalEvidence rehearsal, params string[] pending) =>
        RunningAsync(rehearsal, [], pending);

    private async Task<IReadOnlyList<RunningCode>?> RunningAsync(
        RehearsalEvidence rehearsal, IReadOnlyList<GatedWorkload> workloads, params string[] pending)
    {
        SchemaGateResource gate = Gate("""{"mode":"Job"}""");
        gate = gate with { Status = gate.Status! with { Migrations = new() { Pending = pending } } };
        return (await runs.Running.ReadAsync(
            gate, SpecReader.Read(gate.Spec).Spec, rehearsal, workloads, TestContext.Current.CancellationToken))?.Code;
    }

    private Task<RunEvidence> ObserveAsync(string result = "null")
    {
        SchemaGateResource gate = Gate("""{"mode":"Job"}""", result: result);
        return runs.ObserveAsync(gate, SpecReader.Read(gate.Spec).Spec, TestContext.Current.CancellationToken);
    }

    private Task AnswerAsync(HttpContext context)
    {
        string what = context.Request.Path.Value!.Split('/')[^1];
        lock (asked)
        {
            asked.Add($"{context.Request.Method} {what}");
        }

        return context.Response.WriteAsync(what switch
        {
            "pods" => List("PodList", pods),
            "replicasets" => List("ReplicaSetList", replicaSets),
            "cronjobs" => List("CronJobList", ""),
            "jobs" when context.Request.Method == "GET" => List("JobList", jobs),
            _ => job,
        });
    }

    private static string List(string kind, string items) =>
        $$"""{"kind":"{{kind}}","metadata":{"resourceVersion":"1"},"items":[{{items}}]}""";
}
