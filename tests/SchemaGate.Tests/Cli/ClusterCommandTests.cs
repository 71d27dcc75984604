using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using SchemaGate.Cli;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class ClusterCommandTests : IAsyncLifetime
{
    private const string None =
        """{"kind":"Status","message":"the server could not find the requested resource","reason":"NotFound","code":404}""";

    private readonly string kubeconfig = Path.GetTempFileName();
    private readonly Dictionary<string, string> objects = new(StringComparer.Ordinal);
    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        for (int request = 0; request < 20; request++)
        {
            server.List(AnswerAsync);
        }

        Serve("statefulsets");
        Serve("daemonsets");
        await File.WriteAllTextAsync(kubeconfig, $$"""
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u","namespace":"shop"} }],
             "clusters":[{"name":"c","cluster":{"server":"{{server.Url}}"} }],"users":[{"name":"u","user":{} }]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(kubeconfig);
    }

    [Fact]
    public async Task The_gates_of_a_namespace_are_a_table_and_their_messages()
    {
        Serve("schemagates", VerdictServer.Gate(), VerdictServer.Gate()
            .Replace("\"name\":\"shop\"", "\"name\":\"billing\"", StringComparison.Ordinal)
            .Replace("Blocked", "Open", StringComparison.Ordinal).Replace("MigrationsPending", "Open", StringComparison.Ordinal));
        Outcome outcome = await RunAsync("status");
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Equal("""
            NAMESPACE   NAME      VERDICT   REASON              APPLIED   HELD   SINCE
            shop        billing   Open      Open                1/2       0      -
            shop        shop      Blocked   MigrationsPending   1/2       0      -

            shop/billing
              m2 is not applied.
              Pending   m2

            shop/shop
              m2 is not applied.
              Pending   m2
              Waits for whoever applies the migrations
              To do     Apply the image's migrations: `schemagate migrate`, or `npx prisma migrate deploy`, in a checkout of that version.
                        The gate sees it by itself, within spec.database.recheck.

            """, outcome.Output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_gate_that_is_open_is_0_unless_its_spec_has_changed_since()
    {
        string open = VerdictServer.Gate().Replace("Blocked", "Open", StringComparison.Ordinal)
            .Replace("MigrationsPending", "Open", StringComparison.Ordinal);
        Serve("schemagates/shop", open);
        Assert.Equal(0, (await RunAsync("status", "shop")).Code);
        Serve("schemagates/shop", open.Replace("\"generation\":1", "\"generation\":2", StringComparison.Ordinal));
        Outcome outcome = await RunAsync("status", "shop");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("it has not been judged anew", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gates_shape_is_this()
    {
        Serve("schemagates/shop", VerdictServer.Gate());
        JsonNode gate = JsonNode.Parse((await RunAsync("status", "shop", "-o", "json")).Output)!["gates"]!.AsArray().Single()!;
        Assert.Equal(
            [
                "namespace", "name", "verdict", "reason", "message", "current", "required", "applied", "pending", "held", "since", "image",
                "identity", "tool", "run", "plan", "override", "waitsFor", "next", "heldObjects", "unapplied", "timeline",
                "rehearsal", "drift",
            ],
            gate.AsObject().Select(member => member.Key), StringComparer.Ordinal);
        Assert.Equal(
            ("MigrationsPending", 1, "7/shop/public"), ((string)gate["reason"]!, (int)gate["applied"]!, (string)gate["identity"]!));
    }

    private static readonly JsonSerializerOptions OneLine = new(CliJson.Relaxed.Options) { WriteIndented = false };

    /// <summary>As the operator writes them, not as its message tells them.</summary>
    private const string Runs = """
        "run":{"job":"shop-migrate-1","plan":"p","scope":"s","attempt":3,"failures":2,"startedAt":"2020-01-02T03:04:05Z",
               "finishedAt":"2020-01-02T03:05:05Z","result":"Failed",
               "error":{"class":"Transient","kind":"LockUnavailable","message":"t is locked.","migration":"m2"},
               "nextAttemptAt":"2020-01-02T03:06:05Z"},
        "plan":{"hash":"0123456789abcdef","risk":"High","findings":1,"approval":{"by":"alice","at":"2020-01-02T03:03:05Z"},"migrations":[]},
        "override":{"requires":"x:1","reason":"INC-4711","by":"bob","at":"2020-01-02T03:03:05Z","until":"2020-01-02T04:03:05Z"},"verdict":
        """;

    [Fact]
    public async Task A_gates_run_approval_and_override_stand_below_its_message()
    {
        Serve("schemagates/shop", VerdictServer.Gate().Replace("\"verdict\":", Runs, StringComparison.Ordinal));
        string text = Regex.Replace((await RunAsync("status", "shop")).Output, "[0-9]+[dhms]\\b", "AGE", RegexOptions.NonBacktracking);
        Assert.Contains("""
              m2 is not applied.
              Pending   m2
              Waits for whoever applies the migrations
              Run       Failed AGE ago: attempt 3, Job shop-migrate-1, next attempt in AGE
              Approval  of plan 0123456789ab, High risk: by alice, AGE ago
              Override  by bob for x:1, for AGE more: INC-4711

            """, text, StringComparison.Ordinal);
        Serve("deployments");
        Assert.Contains(
            "  Approval  of plan 0123456789ab, High risk: by alice", (await RunAsync("explain", "shop")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gates_run_approval_and_override_have_this_shape()
    {
        Serve("schemagates/shop", VerdictServer.Gate().Replace("\"verdict\":", Runs, StringComparison.Ordinal));
        JsonNode gate = JsonNode.Parse((await RunAsync("status", "shop", "-o", "json")).Output)!["gates"]![0]!;
        Assert.Equal(
            """{"job":"shop-migrate-1","attempt":3,"state":"Failed","since":"2020-01-02T03:05:05+00:00","""
                + "\"nextAttemptAt\":\"2020-01-02T03:06:05+00:00\",\"migration\":\"m2\",\"error\":\"t is locked.\"}",
            gate["run"]!.ToJsonString(OneLine));
        Assert.Equal(
            """{"hash":"0123456789abcdef","risk":"High","approval":"Approved","by":"alice","at":"2020-01-02T03:03:05+00:00"}""",
            gate["plan"]!.ToJsonString(OneLine));
        Assert.Equal(
            """{"requires":"x:1","reason":"INC-4711","by":"bob","at":"2020-01-02T03:03:05+00:00","until":"2020-01-02T04:03:05+00:00"}""",
            gate["override"]!.ToJsonString(OneLine));
    }

    [Theory]
    [InlineData("\"startedAt\":\"2020-01-02T03:04:05Z\",", "Running for AGE: attempt 1, Job j")]
    [InlineData("", "Starting: attempt 1, Job j")]
    public async Task A_run_that_has_not_ended_says_since_when(string started, string expected)
    {
        string run = $$"""
            "run":{"job":"j",{{started}}"attempt":1},"plan":{"hash":"0123","risk":"High"},"reason":"ApprovalRequired","verdict":
            """;
        Serve("schemagates/shop", VerdictServer.Gate().Replace("\"reason\":\"MigrationsPending\",", "", StringComparison.Ordinal)
            .Replace("\"verdict\":", run, StringComparison.Ordinal));
        string text = Regex.Replace((await RunAsync("status", "shop")).Output, "[0-9]+[dhms]\\b", "AGE", RegexOptions.NonBacktracking);
        Assert.Contains($"  Run       {expected}\n  Approval  of plan 0123, High risk: awaited\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_that_is_not_there_is_no_open_gate()
    {
        Serve("schemagates");
        Outcome outcome = await RunAsync("status", "shop");
        Assert.Equal(1, outcome.Code);
        Assert.Contains(Reasons.GateNotFound, outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "-A")]
    [InlineData("status", "shop")]
    [InlineData("explain", "shop")]
    public async Task A_cluster_without_the_CRD_is_told_in_words(params string[] args)
    {
        Outcome outcome = await RunAsync(args);
        Assert.Equal((3, ""), (outcome.Code, outcome.Output));
        Assert.Contains("`kubectl apply -f config/crd`", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_goes_before_the_cluster_only_where_no_cluster_is_named()
    {
        Serve("schemagates");
        Assert.Equal(3, (await new Schemagate { DatabaseUrl = "postgresql://u@127.0.0.1:1/d" }.InvokeAsync(
            ["status"], TestContext.Current.CancellationToken)).Code);
        Outcome outcome = await new Schemagate { DatabaseUrl = "postgresql://u@127.0.0.1:1/d" }
            .InvokeAsync(["status", "--kubeconfig", kubeconfig], TestContext.Current.CancellationToken);
        Assert.Equal((0, "There are no gates in namespace shop.\n"), (outcome.Code, outcome.Output));
    }

    [Fact]
    public async Task A_closed_gate_is_explained_with_what_is_held_what_runs_and_what_opens_it()
    {
        Serve("schemagates/shop", GateWithConditions);
        Serve("deployments", HeldDeployment);
        Serve("replicasets", Running);
        Outcome outcome = await RunAsync("explain", "gate/shop");
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Equal("""
            The gate shop is Blocked: MigrationsPending.

            gate/shop  Blocked: MigrationsPending, for
              m2 is not applied.
              Required migrations are not applied.
              MigrationsApplied    no  MigrationsPending

            deployment/shop  held: MigrationsPending, for
              requires shop=x:1
              shop: m2 is not applied.
              runs shop-1, 2 of 3 ready, which requires shop=x:1

            Next
              Apply the image's migrations: `schemagate migrate`, or `npx prisma migrate deploy`, in a checkout of that version.
              The gate sees it by itself, within spec.database.recheck.
              To go back meanwhile: `schemagate undo deployment/shop -n shop`, or re-apply the previous manifest.

            """, Regex.Replace(outcome.Output, ", for [0-9]+d", ", for", RegexOptions.NonBacktracking), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_receiver_that_was_not_told_is_explained_beside_what_closes_the_gate()
    {
        Serve("schemagates/shop", VerdictServer.Gate().Replace("\"verdict\":", """
            "conditions":[{"type":"Notified","status":"False","reason":"NotifyFailed","message":"m",
              "lastTransitionTime":"2020-01-02T03:04:05Z"}],"verdict":
            """, StringComparison.Ordinal));
        Serve("deployments");
        Assert.Matches("Notified +no +NotifyFailed", (await RunAsync("explain", "gate/shop")).Output);
    }

    [Fact]
    public async Task A_deployment_is_explained_with_the_gates_that_it_names()
    {
        Serve("schemagates/shop", GateWithConditions);
        Serve("deployments/shop", HeldDeployment);
        Serve("replicasets", Running);
        JsonNode report = JsonNode.Parse((await RunAsync("explain", "deploy/shop", "-o", "json")).Output)!;
        Assert.Equal(("deployment/shop", false), ((string)report["target"]!, (bool)report["open"]!));
        Assert.Equal("shop", (string)report["gates"]![0]!["gate"]!["name"]!);
        Assert.Equal("shop-1", (string)report["workloads"]![0]!["running"]![0]!["name"]!);
    }

    [Fact]
    public async Task A_deployment_that_is_paused_by_its_owner_is_not_held()
    {
        Serve("schemagates/shop", VerdictServer.Gate());
        Serve("deployments/shop", Cluster.Deployment(paused: true).ToJsonString());
        Serve("replicasets");
        Outcome outcome = await RunAsync("explain", "deployment/shop");
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("SchemaGate does not hold deployment/shop: it is paused by its owner.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_is_explained_without_a_cluster()
    {
        Outcome outcome = await Schemagate.RunAsync("explain", "MigrationFailed");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Stalled      True", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("`schemagate explain MigrationFailed --tool TOOL`", outcome.Output, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse((await Schemagate.RunAsync("explain", "GateNotFound", "-o", "json")).Output)!["ready"]);
    }

    [Fact]
    public async Task A_reason_is_explained_with_the_commands_of_the_tool()
    {
        Outcome flyway = await Schemagate.RunAsync("explain", "MigrationFailed", "--tool", "flyway");
        Assert.Contains("run `flyway repair`, then `flyway migrate`", flyway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("schemagate resolve", flyway.Output, StringComparison.Ordinal);
        Assert.Contains("`liquibase release-locks`", (await Schemagate.RunAsync(
            "explain", "Migrating", "--tool", "Liquibase")).Output, StringComparison.Ordinal);
        Outcome unknown = await Schemagate.RunAsync("explain", "Migrating", "--tool", "flywey");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("--tool: write one of Prisma, Flyway,", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("goose up")]
    [InlineData("flyway migrate", "--tool", "Flyway")]
    public async Task A_gate_is_explained_with_the_commands_of_its_tool(string command, params string[] tool)
    {
        Serve("schemagates/shop", VerdictServer.Gate()
            .Replace("\"identity\":", "\"tool\":\"Goose\",\"identity\":", StringComparison.Ordinal));
        Serve("deployments");
        Outcome outcome = await RunAsync(["explain", "shop", .. tool]);
        Assert.Contains($"Apply the image's migrations: `{command}`, in a checkout", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("prisma migrate", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_not_be_asked_is_told_in_the_server_s_words()
    {
        objects["schemagates"] =
            """{"kind":"Status","message":"schemagates is forbidden: u may not list","reason":"Forbidden","code":403}""";
        Outcome outcome = await RunAsync("status");
        Assert.Equal((3, ""), (outcome.Code, outcome.Output));
        Assert.Contains("u may not list", outcome.Error, StringComparison.Ordinal);
    }

    private static string GateWithConditions => VerdictServer.Gate().Replace("\"verdict\":", """
        "conditions":[{"type":"Ready","status":"False","reason":"MigrationsPending","message":"m2 is not applied.",
           "lastTransitionTime":"2020-01-02T03:04:05Z"},
         {"type":"ChangelogResolved","status":"True","reason":"AsExpected","message":"."},
         {"type":"MigrationsApplied","status":"False","reason":"MigrationsPending","message":"m2 is not applied."}],"verdict":
        """, StringComparison.Ordinal);

    private static string HeldDeployment => Cluster.Deployment(
        $$"""
        {"deployment.kubernetes.io/revision":"1","{{Names.Hold}}":{{JsonValue.Create(Held.ToJson()).ToJsonString()}} }
        """, paused: true).ToJsonString();

    private static Hold Held => new(false, "t", DateTimeOffset.UnixEpoch, Reasons.MigrationsPending, "shop: m2 is not applied.");

    private static string Running => Cluster.ReplicaSet(
        replicas: 3, running: 3, owners: """[{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","uid":"d-1","controller":true}]""")
        .ToJsonString().Replace("\"status\":{", "\"status\":{\"readyReplicas\":2,", StringComparison.Ordinal);

    private void Serve(string path, params string[] items) => objects[path] = path.Contains('/', StringComparison.Ordinal)
        ? items[0]
        : $$"""{"metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', items)}}]}""";

    private Task<Outcome> RunAsync(params string[] args) =>
        new Schemagate().InvokeAsync([.. args, "--kubeconfig", kubeconfig], TestContext.Current.CancellationToken);

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!.Split("/v1alpha1/").Last().Split("/apps/v1/").Last();
        path = path.StartsWith("namespaces/", StringComparison.Ordinal) ? path.Split('/', 3)[2] : path;
        string answer = objects.GetValueOrDefault(path, None);
        return FakeApiServer.Text(answer.Contains("\"code\":404", StringComparison.Ordinal)
            ? 404
            : answer.Contains("\"code\":403", StringComparison.Ordinal) ? 403 : 200, answer)(context);
    }
}
