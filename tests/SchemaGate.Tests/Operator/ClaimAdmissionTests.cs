using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>Who approves a plan or breaks the glass by annotation, and what is made of it.</summary>
public sealed class ClaimAdmissionTests : IAsyncLifetime
{
    private const string Plan = "0123456789abcdef";
    private const string Open = """{"requires":"registry.test/shop:2","reason":"INC-1","for":"20m"}""";

    private static readonly ClaimSeal s_seal = new(new byte[32]);

    private readonly List<string> reviews = [];
    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync() => server = await FakeApiServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Who_has_the_verb_approves_the_plan_that_is_stored_and_is_named_by_the_API_server()
    {
        Answer(true);
        JsonObject after = await AfterAsync(Gate(), Gate((Names.Approve, Plan[..8])));
        Assert.Null(Annotation(after, Names.Approve));
        Approval approval = s_seal.Approval("u-1", Annotation(after, Names.Approval))!;
        Assert.Equal((Plan, "alice"), (approval.Plan, approval.By));
        Assert.Contains("\"verb\":\"approve\"", Assert.Single(reviews), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_lacks_the_verb_is_refused()
    {
        Answer(false);
        AdmissionResponse response = await ReviewAsync(Gate(), Gate((Names.Approve, Plan)));
        Assert.Equal((false, 403), (response.Allowed, response.Status!.Code));
        Assert.Contains("alice may not approve the SchemaGate shop", response.Status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fedcba9876543210")]
    [InlineData("0123")]
    [InlineData("")]
    public async Task Another_plan_is_not_approved_and_the_rest_of_the_manifest_is_taken(string asked)
    {
        AdmissionResponse response = await ReviewAsync(Gate(), Gate((Names.Approve, asked)));
        Assert.True(response.Allowed);
        Assert.Contains("nothing is approved", Assert.Single(response.Warnings!), StringComparison.Ordinal);
        Assert.Null(Annotation(await AfterAsync(Gate(), Gate((Names.Approve, asked))), Names.Approval));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_status_that_the_writer_sends_along_is_no_plan()
    {
        JsonObject forged = Gate((Names.Approve, "fedcba9876543210"));
        forged["status"]!["plan"]!["hash"] = "fedcba9876543210";
        Assert.Single((await ReviewAsync(Gate(), forged)).Warnings!);
    }

    [Theory]
    [InlineData(Names.Approval)]
    [InlineData(Names.Override)]
    public async Task What_a_client_writes_in_the_answer_s_place_is_what_it_was_before(string name)
    {
        Assert.Null(Annotation(await AfterAsync(Gate(), Gate((name, "forged"))), name));
        Assert.Equal("genuine", Annotation(await AfterAsync(Gate((name, "genuine")), Gate((name, "forged"))), name));
        Assert.Null(Annotation(await AfterAsync(null, Gate((name, "copied"))), name));
        // Leaving it out withdraws it, which only closes.
        Assert.Null(Annotation(await AfterAsync(Gate((name, "genuine")), Gate()), name));
        Assert.Equal("genuine", Annotation(await AfterAsync(Gate((name, "genuine")), Gate((name, "genuine"))), name));
    }

    [Fact]
    public async Task An_approval_that_stands_is_not_given_again()
    {
        string known = s_seal.Write("u-1", new Approval(Plan, "bob", DateTimeOffset.UnixEpoch));
        Answer(true);
        Assert.Equal(known, Annotation(
            await AfterAsync(Gate((Names.Approval, known)), Gate((Names.Approval, known), (Names.Approve, Plan))),
            Names.Approval));
    }

    [Fact]
    public async Task Who_may_override_opens_one_requirement_for_a_time()
    {
        Answer(true);
        JsonObject after = await AfterAsync(Gate(), Gate((Names.Open, Open)));
        Override opened = s_seal.Override("u-1", Annotation(after, Names.Override))!;
        Assert.Equal(
            ("registry.test/shop:2", "INC-1", "alice", TimeSpan.FromMinutes(20)),
            (opened.Requires, opened.Reason, opened.By, opened.Until - opened.At));
        Assert.Null(Annotation(after, Names.Open));
        Assert.Contains("\"verb\":\"override\"", Assert.Single(reviews), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("open it")]
    [InlineData("""{"requires":"a:1"}""")]
    [InlineData("""{"requires":"a:1","reason":" "}""")]
    [InlineData("""{"requires":"a:1","reason":"b","for":"25h"}""")]
    [InlineData("""{"requires":"","reason":"b"}""")]
    public async Task A_glass_is_not_broken_without_a_requirement_a_reason_and_an_end(string asked)
    {
        AdmissionResponse response = await ReviewAsync(Gate(), Gate((Names.Open, asked)));
        Assert.Equal((false, 422), (response.Allowed, response.Status!.Code));
    }

    [Theory]
    [InlineData("""{"enforcement":"Observe"}""", "override", "spec.enforcement from Hold to Observe")]
    [InlineData("""{"suspend":true}""", "override", "spec.suspend from false to true")]
    [InlineData("""{"policy":{"approval":"Never"}}""", "approve", "spec.policy.approval from Risky to Never")]
    [InlineData("""{"policy":{"unpinned":"Warn"}}""", "override", "spec.policy.unpinned from Block to Warn")]
    public async Task Who_makes_a_gate_let_more_through_needs_the_verb_and_is_named(string spec, string verb, string what)
    {
        Answer(false);
        AdmissionResponse response = await ReviewAsync(Gate(), Specified(spec));
        Assert.Equal((false, 403), (response.Allowed, response.Status!.Code));
        Assert.Contains($"{what} makes the gate let more through", response.Status.Message, StringComparison.Ordinal);
        Assert.Contains($"may not {verb} the SchemaGate shop", response.Status.Message, StringComparison.Ordinal);

        Answer(true);
        Loosened loosened = s_seal.Loosened("u-1", Annotation(await AfterAsync(Gate(), Specified(spec)), Names.Loosened))!;
        Assert.Equal((what, "alice"), (loosened.What, loosened.By));

        JsonObject bare = Specified(spec);
        ((JsonObject)bare["metadata"]!).Remove("annotations");
        Answer(true);
        Assert.NotNull(Annotation(await AfterAsync(Gate(), bare), Names.Loosened));
        Assert.Contains($"\"verb\":\"{verb}\"", reviews[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_tightens_a_gate_needs_no_more_than_the_right_to_edit_it()
    {
        Assert.Null((await ReviewAsync(Specified("""{"enforcement":"Observe","suspend":true}"""), Gate())).Patch);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_gate_for_which_nothing_waits_may_begin_loose_but_for_runs_that_nobody_approves()
    {
        Assert.True((await ReviewAsync(null, Specified("""{"enforcement":"Observe","suspend":true}"""))).Allowed);
        Assert.Empty(server.Requests);
        Answer(false);
        Assert.False((await ReviewAsync(null, Specified("""{"policy":{"approval":"Never"}}"""))).Allowed);
    }

    [Fact]
    public async Task A_gate_that_is_made_anew_loosens_for_what_waits_for_it()
    {
        await using VerdictServer waiting = await VerdictServer.StartAsync(VerdictServer.Gate(), Cluster.Deployment().ToJsonString());
        Answer(false);
        Assert.False((await ReviewAsync(null, Specified("""{"enforcement":"Observe"}"""), waiting.View)).Allowed);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_nothing_is_let_through()
    {
        server.List(FakeApiServer.Text(500, "broken"));
        await Assert.ThrowsAsync<KubernetesException>(() => ReviewAsync(Gate(), Gate((Names.Approve, Plan))));
    }

    private static JsonObject Gate(params ReadOnlySpan<(string Name, string Value)> annotations)
    {
        JsonObject gate = (JsonObject)JsonNode.Parse($$$"""
            {"metadata":{"name":"shop","namespace":"shop","uid":"u-1","annotations":{"a":"b"}},
             "spec":{},"status":{"plan":{"hash":"{{{Plan}}}"} } }
            """)!;
        foreach ((string name, string value) in annotations)
        {
            gate["metadata"]!["annotations"]![name] = value;
        }

        return gate;
    }

    private static JsonObject Specified(string spec)
    {
        JsonObject gate = Gate();
        gate["spec"] = JsonNode.Parse(spec);
        return gate;
    }

    private static string? Annotation(JsonObject gate, string name) => (string?)gate["metadata"]!["annotations"]![name];

    private async Task<JsonObject> AfterAsync(JsonObject? before, JsonObject now)
    {
        AdmissionResponse response = await ReviewAsync(before, now);
        Assert.True(response.Allowed, response.Status?.Message);
        return response.Patch is null ? now : Cluster.Apply(response.Patch, now)!;
    }

    private async Task<AdmissionResponse> ReviewAsync(JsonObject? before, JsonObject now, ClusterView? view = null)
    {
        using KubernetesClient client = server.Client();
        view ??= new(client, new(new SealKey(new byte[32])), ["shop"], _ => { }, TimeProvider.System);
        return await new ClaimAdmission(view, new(client), () => s_seal, TimeProvider.System).ReviewAsync(new()
        {
            Uid = "r",
            Operation = before is null ? AdmissionOperation.Create : AdmissionOperation.Update,
            Kind = new("schemagate.dev", "v1alpha1", "SchemaGate"),
            Resource = new("schemagate.dev", "v1alpha1", "schemagates"),
            Namespace = "shop",
            Name = "shop",
            UserInfo = new() { Username = "alice" },
            Object = JsonElement.Parse(now.ToJsonString()),
            OldObject = before is null ? null : JsonElement.Parse(before.ToJsonString()),
        }, TestContext.Current.CancellationToken);
    }

    private void Answer(bool allowed) => server.List(async context =>
    {
        reviews.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
        await FakeApiServer.Text(201, $$$"""{"spec":{},"status":{"allowed":{{{(allowed ? "true" : "false")}}}}}""")(context);
    });
}
