using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>A gate or a workload that cannot be read closes itself, before the operator's own server.</summary>
public sealed class UnreadGateTests
{
    private static readonly ObjectKey s_shop = new("shop", "shop");

    [Fact]
    public async Task A_gate_that_nests_as_deep_as_was_once_let_in_is_read_and_its_spec_is_what_is_wrong()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(spec: Resources(59)));
        SchemaGateResource gate = Assert.IsType<SchemaGateResource>(server.View.Gate(s_shop));
        Assert.Equal(["spec.migrate.resources must nest at most 32 levels."], SpecReader.Read(gate.Spec).Problems, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(32, "nest at most")]
    public void A_spec_nests_as_deep_as_is_documented_and_no_deeper(int levels, string? problem)
    {
        SchemaGateResource gate = SchemaGateResource.Resource.Read(
            System.Text.Json.JsonElement.Parse(VerdictServer.Gate(spec: Resources(levels))));
        Assert.Equal(problem is null ? 0 : 1, SpecReader.Read(gate.Spec).Problems.Count);
    }

    [Fact]
    public async Task A_gate_that_cannot_be_read_holds_what_is_new_in_words_and_the_operator_gets_ready()
    {
        string gates = $"{Unreadable},{VerdictServer.Gate().Replace("\"name\":\"shop\"", "\"name\":\"other\"", StringComparison.Ordinal)}";
        await using VerdictServer server = await VerdictServer.StartAsync(gates);
        Assert.NotNull(server.View.Gate(new("shop", "other")));
        Workload workload = Cluster.Read(Cluster.Deployment());
        HoldOutcome outcome = HoldDecision.Decide(workload, [], name => server.View.View("shop", name));
        HoldReason why = Assert.IsType<HoldOutcome.Held>(outcome).Why;
        Assert.Equal(Reasons.GateUnreadable, why.Reason);
        Assert.StartsWith("The SchemaGate shop cannot be read: it nests deeper than 256 levels.", why.Message, StringComparison.Ordinal);
        using HttpClient client = server.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(Reasons.GateUnreadable, await VerdictAsync(client));
    }

    [Theory]
    [InlineData("\"enforcement\":\"Observe\"")]
    [InlineData("\"suspend\":true")]
    [InlineData("\"policy\":{\"unpinned\":\"Ignore\"}")]
    public async Task Nothing_that_loosens_a_gate_counts_while_it_cannot_be_read(string loosened)
    {
        string gate = Unreadable.Replace("\"spec\":{", $"\"spec\":{{{loosened},", StringComparison.Ordinal);
        await using VerdictServer server = await VerdictServer.StartAsync(gate);
        GateView view = Assert.IsType<GateView>(server.View.View("shop", "shop"));
        Assert.Equal((Enforcement.Hold, false, PolicyMode.Block), (view.Enforcement, view.Suspend, view.Unpinned));
    }

    [Fact]
    public async Task A_gate_that_becomes_unreadable_is_told_and_counts_for_nothing_that_it_was()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        List<ObjectKey> changed = [];
        server.View.Changed = changed.Add;
        server.Change(VerdictServer.Gate(VerdictServer.Released, ",\"suspend\":\"yes\""));
        await Kubernetes.Eventually.TrueAsync(() => server.View.Gate(s_shop) is null && server.View.View("shop", "shop") is not null);
        Assert.Equal("spec.suspend has another shape than its type promises", server.View.View("shop", "shop")!.Unreadable);
        Assert.Contains(s_shop, changed);
        Assert.Equal(s_shop, Assert.Single(server.View.Unread.All).Key);
    }

    [Fact]
    public async Task A_Deployment_that_cannot_be_read_keeps_nobody_from_being_followed()
    {
        JsonObject odd = Cluster.Deployment();
        odd["metadata"]!["name"] = "odd";
        odd["spec"]!["replicas"] = 3_000_000_000;
        await using VerdictServer server = await VerdictServer.StartAsync(
            VerdictServer.Gate(), $"{odd.ToJsonString()},{Cluster.Deployment().ToJsonString()}");
        Assert.Equal("shop", Assert.Single(server.View.Deployments.List("shop")).Metadata.Name);
        Assert.Equal(("Deployment", "odd"), (server.View.Unread.All.Single().Kind, server.View.Unread.All.Single().Key.Name));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(9000)]
    public async Task What_nests_deeper_than_anybody_reads_is_refused_in_words_and_may_be_mended_and_deleted(int levels)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        string deep = Cluster.Deployment().ToJsonString()[..^1] + ",\"extra\":" + Nested(levels) + "}";
        string deleted = deep.Replace("\"uid\"", "\"deletionTimestamp\":\"2026-01-02T03:04:05Z\",\"uid\"", StringComparison.Ordinal);
        string ungated = """{"metadata":{"name":"shop","namespace":"shop"},"spec":{"template":{} } }""";
        JsonNode refused = await ReviewAsync(client, deep, "null");
        Assert.False((bool)refused["allowed"]!);
        Assert.Equal("SchemaGate cannot read this Deployment: it nests deeper than 256 levels.", (string?)refused["status"]!["message"]);
        Assert.True((bool)(await ReviewAsync(client, deleted, deep))["allowed"]!);
        Assert.True((bool)(await ReviewAsync(client, ungated, deep))["allowed"]!);
    }

    [Fact]
    public async Task What_has_another_shape_than_its_type_is_refused_in_words_and_may_be_mended()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        string odd = """{"metadata":{"name":"shop","namespace":"shop","labels":[]},"spec":{"template":{} } }""";
        string ungated = """{"metadata":{"name":"shop","namespace":"shop"},"spec":{"template":{} } }""";
        JsonNode refused = await ReviewAsync(client, odd, "null");
        Assert.StartsWith("SchemaGate cannot read this Deployment: ", (string?)refused["status"]!["message"], StringComparison.Ordinal);
        Assert.True((bool)(await ReviewAsync(client, ungated, odd))["allowed"]!);
    }

    /// <summary>The gate shop, which nobody has a reader for.</summary>
    private static string Unreadable => VerdictServer.Gate(VerdictServer.Released, Resources(300));

    private static string Resources(int levels) => $",\"migrate\":{{\"resources\":{{\"a\":{Nested(levels)}}}}}";

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static async Task<string?> VerdictAsync(HttpClient client)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/gates/shop/shop/verdict?requires={VerdictServer.Image}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", VerdictServer.Token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Locked, response.StatusCode);
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["reason"];
    }

    private static async Task<JsonNode> ReviewAsync(HttpClient client, string now, string before)
    {
        string review = $$"""
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"UPDATE","namespace":"shop",
             "kind":{"group":"apps","version":"v1","kind":"Deployment"},
             "resource":{"group":"apps","version":"v1","resource":"deployments"},"object":{{now}},"oldObject":{{before}}} }
            """;
        using StringContent content = new(review, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(
            VerdictServer.DeploymentPath, content, TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["response"]!;
    }
}
