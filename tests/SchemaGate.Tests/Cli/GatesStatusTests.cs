using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchemaGate.Cli.Status;
using SchemaGate.Kubernetes;
using SchemaGate.Tests.Kubernetes;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class GatesStatusTests : IAsyncLifetime
{
    private readonly TaskCompletionSource drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoredCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await StoredCluster.StartAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task One_gate_is_shown_in_full_with_its_migrations_on_a_line_of_time()
    {
        Add("shop", gate => Told(gate));
        Outcome outcome = await cluster.RunAsync("status", "shop");
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Equal("""
            shop/shop  Blocked: MigrationsPending, for AGE
              m2 is not applied.
              Pending   m2, m3
              Held      deployment/shop, job/report
              Waits for the gate's own run
              Rehearsal Passed AGE ago: 2 statements of running code break
              Run       Failed AGE ago: attempt 2, Job j
              Approval  of plan 0123456789ab, High risk: by alice, AGE ago
              Image     registry.example.com/shop:1.42.0
              Database  7/shop/public

            Timeline
              2020-01-01T00:00:00Z  Created       the gate
              2020-01-02T00:00:00Z  Released      x:0, through m1 (Satisfied)
              2020-01-03T00:00:00Z  Blocked       MigrationsPending
              2020-01-03T01:00:00Z  Approved      plan 0123456789ab by alice
              2020-01-03T02:00:00Z  RunStarted    attempt 2, Job j
              2020-01-03T02:00:05Z  RunFailed     attempt 2, Job j: t is locked.
              now                   Applied       1 of 3
                                    Failed        m2  High: It drops t.
              next                  Pending       m3

            To do
              Apply the image's migrations: `schemagate migrate`, or `npx prisma migrate deploy`, in a checkout of that version.
              The gate sees it by itself, within spec.database.recheck.

            """.Replace("registry.example.com/shop:1.42.0", VerdictServer.Image, StringComparison.Ordinal),
            Regex.Replace(outcome.Output, "[0-9]+d\\b", "AGE", RegexOptions.NonBacktracking), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Wide_has_more_columns()
    {
        Add("shop", gate => Told(gate));
        string[] lines = (await cluster.RunAsync("status", "-o", "wide")).Output.Split('\n');
        string image = "IMAGE".PadRight(VerdictServer.Image.Length);
        Assert.EndsWith($"SINCE   RISK   RUN      TOOL   {image}   DATABASE", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($"High   Failed   -      {VerdictServer.Image}   7/shop/public", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"job":"r"}""", "Starting: Job r")]
    [InlineData("""{"job":"r","startedAt":"2020-01-03T02:00:00Z"}""", "Running for AGE: Job r")]
    [InlineData(
        """{"job":"r","finishedAt":"2020-01-03T02:00:05Z","result":"Passed","rehearsed":3,"statements":{"proven":9,"broken":0}}""",
        "Passed AGE ago: 3 migrations")]
    [InlineData(
        """{"job":"r","finishedAt":"2020-01-03T02:00:05Z","result":"Failed","rehearsed":1,"error":{"message":"t is no table."}}""",
        "Failed AGE ago: t is no table.")]
    public async Task A_rehearsal_is_shown_as_it_stands(string rehearsal, string shown)
    {
        Add("shop", gate => gate["status"]!["rehearsal"] = JsonNode.Parse(rehearsal));
        string output = (await cluster.RunAsync("status", "shop")).Output;
        Assert.Contains(
            $"  Rehearsal {shown}\n", Regex.Replace(output, "[0-9]+d\\b", "AGE", RegexOptions.NonBacktracking).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_what_kubectl_takes()
    {
        Add("billing");
        Add("shop");
        Assert.Equal(
            "schemagate.schemagate.dev/billing\nschemagate.schemagate.dev/shop\n",
            (await cluster.RunAsync("status", "-o", "name")).Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Yaml_is_the_same_as_json()
    {
        Add("shop", gate => Told(gate));
        string yaml = (await cluster.RunAsync("status", "-o", "yaml")).Output;
        Assert.StartsWith("namespace: shop\ngates:\n- namespace: shop\n  name: shop\n", yaml, StringComparison.Ordinal);
        YamlDotNet.RepresentationModel.YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        Assert.True(JsonNode.DeepEquals(
            Yaml.ToJson(stream.Documents.Single().RootNode), JsonNode.Parse((await cluster.RunAsync("status", "-o", "json")).Output)));
    }

    [Fact]
    public async Task A_selector_chooses_by_labels()
    {
        Add("shop", gate => gate["metadata"]!["labels"] = new JsonObject { ["team"] = "a" });
        Add("billing");
        Assert.Equal(
            "schemagate.schemagate.dev/shop\n",
            (await cluster.RunAsync("status", "-l", "team=a", "-o", "name")).Output.ReplaceLineEndings("\n"));
        Outcome both = await cluster.RunAsync("status", "shop", "-l", "team=a");
        Assert.Equal((2, ""), (both.Code, both.Output));
    }

    [Fact]
    public async Task In_a_pipe_a_watch_writes_a_line_for_each_change_and_nothing_for_none()
    {
        string before = Add("shop").ToJsonString();
        string after = before.Replace("Blocked", "Open", StringComparison.Ordinal)
            .Replace("MigrationsPending", "Open", StringComparison.Ordinal)
            .Replace("m2 is not applied.", "All is well.", StringComparison.Ordinal);
        cluster.Watch(Event("MODIFIED", before, 2), Event("MODIFIED", after, 3), Event("DELETED", after, 4));
        Outcome outcome = await WatchAsync("GateNotFound", isLive: false);
        Assert.Equal(130, outcome.Code);
        Assert.Equal(
            [
                "TIME shop/shop Blocked: MigrationsPending, 1 of 2 applied: m2 is not applied.",
                "TIME shop/shop Open, 1 of 2 applied: All is well.",
                "TIME shop/shop Unknown: GateNotFound: There is no such gate. What names it is held.",
                "",
            ],
            Regex.Replace(outcome.Output, @"(?m)^\S+Z ", "TIME ", RegexOptions.NonBacktracking).ReplaceLineEndings("\n").Split('\n'),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData(null)]
    public async Task A_gate_that_is_deleted_between_a_watch_s_two_lists_is_gone(string? named)
    {
        Add("shop");
        cluster.Watch();
        int readings = 0;
        cluster.Fault = request =>
        {
            if (request.StartsWith("GET ", StringComparison.Ordinal) && ++readings == 2)
            {
                cluster.Remove("schemagates/shop");
            }

            return null;
        };
        Outcome outcome = await WatchAsync("GateNotFound", isLive: false, named is null ? [] : [named]);
        Assert.Equal(130, outcome.Code);
        Assert.EndsWith(
            "Z shop/shop Unknown: GateNotFound: There is no such gate. What names it is held.", outcome.Output.Trim(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_for_programs_writes_an_object_on_a_line()
    {
        string open = Add("shop").ToJsonString().Replace("\"Blocked\"", "\"Open\"", StringComparison.Ordinal);
        cluster.Watch(Event("MODIFIED", open, 2));
        Outcome outcome = await WatchAsync("\"verdict\":\"Open\"", isLive: false, "-o", "json");
        Assert.Equal(
            ["Blocked", "Open"],
            outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["verdict"]!),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_a_watch_draws_its_table_anew()
    {
        string open = Add("shop").ToJsonString().Replace("\"Blocked\"", "\"Open\"", StringComparison.Ordinal);
        cluster.Watch(drawn.Task, Event("MODIFIED", open, 2));
        string output = (await WatchAsync(" Open ", isLive: true)).Output;
        Assert.DoesNotContain("There are no gates", output, StringComparison.Ordinal);
        Assert.Contains("To do     Apply the image's migrations", output, StringComparison.Ordinal);
        // The cursor goes back up to the table's first line.
        Assert.Matches(@"\e\[\d+A", output);
    }

    [Fact]
    public async Task Whether_there_are_gates_is_known_when_all_that_the_cluster_has_answered_was_taken()
    {
        Add("shop");
        using KubernetesClient client = cluster.Client();
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        GatesWatch watch = new(new(client, "shop", [], null), TimeProvider.System, _ => { });
        await using IAsyncEnumerator<GateLine> gates = watch.ChangesAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        Assert.True(await gates.MoveNextAsync());
        Assert.False(watch.IsRead);
        Task<bool> next = gates.MoveNextAsync().AsTask();
        Assert.True(watch.IsRead);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Theory]
    [InlineData("yaml")]
    [InlineData("name")]
    public async Task A_watch_has_no_end_and_so_no_document(string format) =>
        Assert.Equal(2, (await cluster.RunAsync("status", "--watch", "-o", format)).Code);

    [Theory]
    [InlineData("wide")]
    [InlineData("name")]
    public async Task A_database_is_no_table_of_gates(string format) => Assert.Equal(
        2, (await Schemagate.RunAsync("status", "--database", "postgresql://u@127.0.0.1:1/d", "-o", format)).Code);

    private async Task<Outcome> WatchAsync(string awaited, bool isLive, params string[] args)
    {
        using CancellationTokenSource heard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        heard.CancelAfter(TimeSpan.FromMinutes(1));
        HeardWriter output = new((awaited, () => _ = heard.CancelAsync()), (" Blocked ", () => drawn.TrySetResult()));
        Schemagate schemagate = new() { Output = output, IsLive = isLive };
        return await schemagate.InvokeAsync(["status", "--watch", "--kubeconfig", cluster.Kubeconfig, .. args], heard.Token);
    }

    private JsonObject Add(string name, Action<JsonObject>? change = null)
    {
        JsonObject gate = JsonNode.Parse(VerdictServer.Gate())!.AsObject();
        change?.Invoke(gate);
        return cluster.Add(StoredCluster.Gates, name, gate);
    }

    private static string Event(string type, string gate, int version) => FakeApiServer.Event(
        type, gate.Replace("\"resourceVersion\":\"1\"", $"\"resourceVersion\":\"{version}\"", StringComparison.Ordinal));

    /// <summary>With everything that a status may tell.</summary>
    private static void Told(JsonObject gate)
    {
        gate["metadata"]!["creationTimestamp"] = "2020-01-01T00:00:00Z";
        gate["spec"]!["migrate"] = new JsonObject { ["mode"] = "Job" };
        JsonObject status = gate["status"]!.AsObject();
        status["migrations"] = JsonNode.Parse("""{"required":3,"applied":1,"pending":["m2","m3"],"failed":["m2"]}""");
        status["held"] = JsonNode.Parse("""{"workloads":1,"pods":1,"objects":["deployment/shop","job/report"]}""");
        status["released"] = JsonNode.Parse(
            """[{"requirement":"x:0","through":"m1","reason":"Satisfied","at":"2020-01-02T00:00:00Z"}]""");
        status["run"] = JsonNode.Parse("""
            {"job":"j","attempt":2,"startedAt":"2020-01-03T02:00:00Z","finishedAt":"2020-01-03T02:00:05Z","result":"Failed",
             "error":{"message":"t is locked."}}
            """);
        status["rehearsal"] = JsonNode.Parse("""
            {"job":"r","plan":"p","startedAt":"2020-01-03T02:00:00Z","finishedAt":"2020-01-03T02:00:05Z","result":"Passed","rehearsed":2,
             "statements":{"proven":9,"broken":2}}
            """);
        status["plan"] = JsonNode.Parse("""
            {"hash":"0123456789abcdef","risk":"High","approval":{"by":"alice","at":"2020-01-03T01:00:00Z"},
             "migrations":[{"name":"m2","risk":"High","message":"It drops t."}]}
            """);
        status["conditions"] = JsonNode.Parse("""
            [{"type":"Ready","status":"False","reason":"MigrationsPending","message":"m2 is not applied.",
              "lastTransitionTime":"2020-01-03T00:00:00Z"}]
            """);
    }
}
