using System.Text.Json.Nodes;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Cli;

public sealed class WaitTests : IDisposable
{
    private const string Target = $"shop={VerdictServer.Image}";

    private readonly string files = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public WaitTests()
    {
        File.WriteAllText(Authority, VerdictServer.Authority.CertificatePem);
        File.WriteAllText(Token, VerdictServer.Token);
    }

    private string Authority => Path.Combine(files, "ca.crt");

    private string Token => Path.Combine(files, "token");

    public void Dispose() => Directory.Delete(files, recursive: true);

    [Fact]
    public async Task What_is_released_is_waited_for_no_longer()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        Outcome outcome = await WaitAsync(server.Url, Target, "--token-file", Token);
        Assert.Equal((0, $"released  {Target}\n", ""), (outcome.Code, outcome.Output, outcome.Error));
        Assert.Equal($"Bearer {VerdictServer.Token}", Assert.Single(server.Authorizations));
    }

    [Fact]
    public async Task What_is_released_later_is_told_why_until_then()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        Schemagate schemagate = new();
        Task<Outcome> waiting = WaitAsync(schemagate, server.Url, Target, "--token-file", Token);
        await ToldAsync(schemagate, "MigrationsPending: m2 is not applied.");
        server.Change(VerdictServer.Gate(VerdictServer.Released));
        Outcome outcome = await waiting;
        Assert.Equal((0, $"schemagate: {Target}: waiting: MigrationsPending: m2 is not applied.\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public async Task Every_requirement_of_the_annotation_is_waited_for()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        Outcome outcome = await WaitAsync(server.Url, $"{Target},billing=m1", "--timeout", "100ms", "--output", "json");
        JsonNode report = JsonNode.Parse(outcome.Output)!;
        Assert.Equal((1, false, "shop"), (outcome.Code, (bool)report["released"]!, (string)report["namespace"]!));
        Assert.Equal([true, false], report["answers"]!.AsArray().Select(answer => (bool)answer!["released"]!));
    }

    [Fact]
    public async Task A_rollout_is_waited_for_beside_a_gate_or_alone_and_says_why_it_is_not_done()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        server.Workload = """
            {"metadata":{"name":"db","namespace":"shop","generation":1,"labels":{"schemagate.dev/gated":"true"} },
             "spec":{"replicas":1},"status":{"observedGeneration":1,"readyReplicas":0,"currentRevision":"a","updateRevision":"a"} }
            """;
        Schemagate schemagate = new();
        Task<Outcome> waiting = WaitAsync(
            schemagate, server.Url, Target, "--rollout", "sts/db", "--token-file", Token, "--output", "json");
        await ToldAsync(schemagate, "statefulset/db: waiting: RollingOut: 0 of 1 pods are ready");
        server.Workload = server.Workload.Replace("\"readyReplicas\":0", "\"readyReplicas\":1", StringComparison.Ordinal);
        Outcome outcome = await waiting;
        Assert.Equal(0, outcome.Code);
        Assert.Equal(["shop", "statefulset/db"], JsonNode.Parse(outcome.Output)!["answers"]!.AsArray()
            .Select(answer => (string?)(answer!["gate"] ?? answer["workload"])), StringComparer.Ordinal);

        outcome = await WaitAsync(server.Url, "--rollout", "statefulset/db");
        Assert.Equal((0, "rolled out  statefulset/db\n"), (outcome.Code, outcome.Output));
    }

    [Theory]
    [InlineData("null", "NotFound: There is no DaemonSet agent in namespace shop.")]
    [InlineData("""{"metadata":{"name":"agent","generation":1},"spec":{},"status":{"observedGeneration":1} }""",
        "NotGated: The DaemonSet agent has no label schemagate.dev/gated: \"true\".")]
    public async Task What_is_not_there_or_not_gated_is_never_rolled_out(string workload, string why)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        server.Workload = workload;
        Outcome outcome = await WaitAsync(
            server.Url, "--rollout", "daemonset/agent", "--token-file", Token, "--timeout", "100ms");
        Assert.Equal((1, $"waiting   daemonset/agent: {why}\n"), (outcome.Code, outcome.Output));

        outcome = await WaitAsync(server.Url, "--rollout", "daemonset/agent", "--timeout", "100ms");
        Assert.StartsWith(
            "waiting   daemonset/agent: RollingOut: Not rolled out yet, or not gated", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_itself_is_waited_for()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        Outcome outcome = await WaitAsync(server.Url, "--operator", "--timeout", "10s");
        Assert.Equal((0, "ready  operator\n"), (outcome.Code, outcome.Output));
    }

    [Fact]
    public async Task Another_server_that_answers_is_not_the_operator()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(), instead: "okay");
        Outcome outcome = await WaitAsync(server.Url, "--operator", "--timeout", "100ms");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("operator: NotSchemaGate", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job/report")]
    [InlineData("shop")]
    public async Task Only_what_rolls_out_is_waited_for(string target)
    {
        Outcome outcome = await WaitAsync("https://127.0.0.1:1", "--rollout", target);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("--rollout: write deployment/NAME", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_sent_no_token_until_the_file_has_its_authority()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        await File.WriteAllTextAsync(Authority, KeyPair.NewAuthority(
            DateTimeOffset.UtcNow, TimeSpan.FromDays(1)).CertificatePem, TestContext.Current.CancellationToken);
        Schemagate schemagate = new();
        Task<Outcome> waiting = WaitAsync(schemagate, server.Url, Target, "--token-file", Token);
        await ToldAsync(schemagate, $"NotTrusted: {new Uri(server.Url).Authority} is not trusted by the authorities in {Authority}: ");
        Assert.Empty(server.Authorizations);
        await File.WriteAllTextAsync(Authority, VerdictServer.Authority.CertificatePem, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await waiting).Code);
    }

    [Fact]
    public async Task Authorities_that_cannot_be_read_are_nobody_s_leave_to_trust_others()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        File.Delete(Authority);
        Outcome outcome = await WaitAsync(server.Url, Target, "--timeout", "100ms");
        Assert.Equal(3, outcome.Code);
        Assert.Empty(server.Authorizations);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        int port = FreePort.Next();
        Schemagate schemagate = new();
        Task<Outcome> waiting = WaitAsync(schemagate, $"https://127.0.0.1:{port}", Target);
        await ToldAsync(schemagate, $"Unreachable: 127.0.0.1:{port}: ");
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released), port: port);
        Assert.Equal(0, (await waiting).Code);
    }

    [Fact]
    public async Task A_timeout_is_1_while_the_gate_is_closed_and_3_while_nobody_answers()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        Assert.Equal(1, (await WaitAsync(server.Url, Target, "--timeout", "100ms")).Code);
        Assert.Equal(3, (await WaitAsync($"https://127.0.0.1:{FreePort.Next()}", Target, "--timeout", "100ms")).Code);
        await using VerdictServer starting = await VerdictServer.StartAsync(VerdictServer.Gate(), synced: false);
        Assert.Equal(3, (await WaitAsync(starting.Url, Target, "--timeout", "100ms")).Code);
    }

    [Theory]
    [InlineData("{\"released\":true}")]
    [InlineData(
        "{\"released\":true,\"reason\":\"Satisfied\",\"message\":\"\",\"gate\":\"shop/other\",\"requires\":\"registry.test/shop:1\"}")]
    [InlineData(
        "{\"released\":\"true\",\"reason\":\"Satisfied\",\"message\":\"\",\"gate\":\"shop/shop\",\"requires\":\"registry.test/shop:1\"}")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("")]
    public async Task Another_server_s_200_is_no_verdict(string body)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released), instead: body);
        Outcome outcome = await WaitAsync(server.Url, Target, "--timeout", "100ms");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("NotSchemaGate: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_is_no_verdict()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(), instead: new string(' ', 70_000) + "{}");
        Assert.Equal(3, (await WaitAsync(server.Url, Target, "--timeout", "100ms")).Code);
    }

    [Fact]
    public async Task SIGTERM_ends_the_wait_at_once()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using CancellationTokenSource stop = new();
        Schemagate schemagate = new();
        Task<Outcome> waiting = schemagate.InvokeAsync(
            ["wait", Target, "--server", server.Url, "-n", "shop", "--ca-file", Authority, "--interval", "1h"], stop.Token);
        await ToldAsync(schemagate, "waiting");
        await stop.CancelAsync();
        Assert.Equal(130, (await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Code);
    }

    [Theory]
    [InlineData("shop=a b", "--server", "https://h", "-n", "shop")]
    [InlineData("shop=a,shop=b", "--server", "https://h", "-n", "shop")]
    [InlineData("shop=a", "--requires", "b", "--server", "https://h", "-n", "shop")]
    [InlineData("shop", "billing", "--requires", "b", "--server", "https://h", "-n", "shop")]
    [InlineData("shop", "--requires", "b,c=d", "--server", "https://h", "-n", "shop")]
    [InlineData("shop", "--server", "http://h", "-n", "shop")]
    [InlineData("shop", "--server", "https://user:planted-secret@h", "-n", "shop")]
    [InlineData("shop", "--server", "https://h", "-n", "a/b")]
    [InlineData("shop", "--interval", "0")]
    [InlineData("shop", "--timeout", "10")]
    [InlineData("--requires", "b")]
    public async Task What_cannot_be_waited_for_is_refused(params string[] args)
    {
        Outcome outcome = await Schemagate.RunAsync(["wait", .. args]);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.DoesNotContain("planted-secret", outcome.Error, StringComparison.Ordinal);
    }

    private Task<Outcome> WaitAsync(string server, params string[] args) => WaitAsync(new(), server, args);

    private Task<Outcome> WaitAsync(Schemagate schemagate, string server, params string[] args) => schemagate.InvokeAsync(
        ["wait", .. args, "--server", server, "--namespace", "shop", "--ca-file", Authority, "--interval", "50ms"],
        TestContext.Current.CancellationToken);

    private static async Task ToldAsync(Schemagate schemagate, string text)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!schemagate.Error.ToString().Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
