using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Operator.Serving;
using SchemaGate.Tests.Kubernetes;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class VerdictEndpointTests : IDisposable
{
    private static readonly string s_own = Uri.EscapeDataString(VerdictServer.Image);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        SslOptions = new()
        {
            CertificateChainPolicy = new()
            {
                TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
                CustomTrustStore = { VerdictServer.Authority.Certificate },
            },
        },
    });

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task What_is_released_is_200_to_everyone()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released));
        (HttpResponseMessage response, JsonNode body) = await AskAsync(server, $"shop/shop/verdict?requires={s_own}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((true, "shop/shop", VerdictServer.Image), ((bool)body["released"]!, (string)body["gate"]!, (string)body["requires"]!));
        Assert.Empty(server.Reviews);
    }

    [Fact]
    public async Task What_is_not_released_is_423_with_the_reason_for_who_may_get_the_gate()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        (HttpResponseMessage response, JsonNode body) = await AskAsync(server, $"shop/shop/verdict?requires={s_own}", VerdictServer.Token);
        Assert.Equal((HttpStatusCode)423, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal((Reasons.MigrationsPending, "m2 is not applied."), ((string)body["reason"]!, (string)body["message"]!));
    }

    [Theory]
    [InlineData("shop/shop/verdict?requires=registry.test/shop:1")]
    [InlineData("shop/shop/verdict?requires=registry.test/shop:7")]
    [InlineData("shop/none/verdict?requires=registry.test/shop:1")]
    [InlineData("elsewhere/shop/verdict")]
    [InlineData("shop/shop/verdict")]
    public async Task A_stranger_cannot_tell_one_closed_gate_from_another_or_from_none(string path)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        foreach (string? token in (string?[])[null, "an-unknown-token"])
        {
            (HttpResponseMessage response, JsonNode body) = await AskAsync(server, path, token);
            Assert.Equal(((HttpStatusCode)423, "NotReleased"), (response.StatusCode, (string)body["reason"]!));
            Assert.StartsWith("Not released. The reason is for callers", (string)body["message"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("shop/shop/verdict?requires=registry.test/shop:7", Reasons.RequirementUnknown)]
    [InlineData("shop/shop/verdict?requires=m3", Reasons.AwaitingDecision)]
    [InlineData("shop/none/verdict?requires=registry.test/shop:1", Reasons.GateNotFound)]
    [InlineData("elsewhere/shop/verdict?requires=a", Reasons.GateNotFound)]
    [InlineData("shop/shop/verdict", Reasons.RequirementUnpinned)]
    public async Task Who_may_get_the_gate_is_told_what_is_wrong_with_the_question(string path, string reason)
    {
        string deployment = Cluster.Deployment(template: Cluster.Template.Replace("shop=x:1", "shop=m3", StringComparison.Ordinal))
            .ToJsonString();
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(), deployment);
        (HttpResponseMessage response, JsonNode body) = await AskAsync(server, path, VerdictServer.Token);
        Assert.Equal(((HttpStatusCode)423, reason), (response.StatusCode, (string)body["reason"]!));
    }

    [Fact]
    public async Task A_database_that_only_the_spec_names_yet_has_released_nothing()
    {
        string moved = VerdictServer.Gate(VerdictServer.Released)
            .Replace("\"source\":\"shop-db/", "\"source\":\"earlier-db/", StringComparison.Ordinal);
        await using VerdictServer server = await VerdictServer.StartAsync(moved);
        Assert.Equal((HttpStatusCode)423, (await AskAsync(server, $"shop/shop/verdict?requires={s_own}")).Response.StatusCode);
    }

    [Fact]
    public async Task What_a_person_has_opened_is_released_until_it_ends_and_a_status_proves_nothing()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ClaimSeal seal = new(new byte[32]);
        Override lasting = new(VerdictServer.Image, "INC-1", "ann", now, now.AddHours(1));
        string forged = VerdictServer.Gate().Replace(
            "\"status\":{",
            $$"""
            "status":{"override":{"requires":"{{VerdictServer.Image}}","until":"{{now.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}"},
            """,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Opened(seal.Write("g", lasting))));
        Assert.Equal((HttpStatusCode)423, await StatusAsync(Opened(seal.Write("g", lasting with { Until = now.AddSeconds(-1) }))));
        Assert.Equal((HttpStatusCode)423, await StatusAsync(Opened(seal.Write("another", lasting))));
        Assert.Equal((HttpStatusCode)423, await StatusAsync(forged));

        static string Opened(string claim)
            => VerdictServer.Gate(annotations: new JsonObject { [Names.Override] = claim }.ToJsonString()[1..^1]);

        async Task<HttpStatusCode> StatusAsync(string gate)
        {
            await using VerdictServer server = await VerdictServer.StartAsync(gate);
            return (await AskAsync(server, $"shop/shop/verdict?requires={s_own}")).Response.StatusCode;
        }
    }

    [Theory]
    [InlineData("Shop/shop/verdict")]
    [InlineData("shop/Shop/verdict")]
    [InlineData("shop/shop/verdict?requires=")]
    [InlineData("shop/shop/verdict?requires=a,b=c")]
    [InlineData("shop/shop/verdict?requires=a%20b")]
    [InlineData("shop/shop/verdict?requires=a&requires=b")]
    [InlineData("shop/shop%3Dx/verdict")]
    public async Task What_can_be_no_gate_or_requirement_is_400(string path)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(server, path, VerdictServer.Token)).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await AskAsync(server, $"shop/shop/verdict?requires={new string('a', 1025)}")).Response.StatusCode);
        Assert.Empty(server.Reviews);
    }

    [Fact]
    public async Task Incomplete_caches_answer_nothing()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(VerdictServer.Released), synced: false);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            (await AskAsync(server, $"shop/shop/verdict?requires={s_own}")).Response.StatusCode);
    }

    [Fact]
    public async Task HEAD_is_answered_without_a_body()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpRequestMessage request = new(HttpMethod.Head, $"{server.Url}/v1/gates/shop/shop/verdict?requires={s_own}");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(
            ((HttpStatusCode)423, ""),
            (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Locked)]
    [InlineData(VerdictServer.Released, HttpStatusCode.OK)]
    public async Task A_question_by_POST_as_Flagger_asks_is_answered_as_any(string released, HttpStatusCode expected)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(released));
        using StringContent payload = new("""{ "name": "shop", "namespace": "shop", "phase": "Waiting" }""");
        using HttpResponseMessage response = await client.PostAsync(
            $"{server.Url}/v1/gates/shop/shop/verdict?requires={s_own}", payload, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_caller_who_asks_again_costs_no_further_review()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        for (int time = 0; time < 5; time++)
        {
            await AskAsync(server, $"shop/shop/verdict?requires={s_own}", VerdictServer.Token);
            await AskAsync(server, $"shop/shop/verdict?requires={s_own}", "an-unknown-token");
        }

        Assert.Equal(3, server.Reviews.Count);
    }

    [Fact]
    public async Task Answers_about_callers_are_forgotten_and_what_strangers_cost_is_bounded()
    {
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        for (int request = 0; request < 200; request++)
        {
            api.List(FakeApiServer.Text(201, """{"spec":{},"status":{"authenticated":false}}"""));
        }

        using KubernetesClient kubernetes = api.Client();
        ManualTime time = new();
        using GateReaders readers = new(new(kubernetes), time);
        Task<bool> Ask(int caller) => readers.MayGetAsync(
            string.Create(CultureInfo.InvariantCulture, $"Bearer stranger-{caller}"), SchemaGateResource.Resource, new("shop", "shop"),
            TestContext.Current.CancellationToken);
        for (int caller = 0; caller < 100; caller++)
        {
            Assert.False(await Ask(caller));
        }

        Assert.Equal(50, api.Requests.Count);
        time.Advance(GateReaders.Remembered);
        await Ask(0);
        Assert.Equal(51, api.Requests.Count);
    }

    [Fact]
    public async Task Nothing_is_remembered_of_a_token_longer_than_who_it_is()
    {
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        string[] answers = ["""{"authenticated":true,"user":{"username":"u"}}""", """{"allowed":true}""", """{"allowed":true}""", "{}"];
        Array.ForEach(answers, status => api.List(FakeApiServer.Text(201, $$"""{"spec":{},"status":{{status}}}""")));
        using KubernetesClient kubernetes = api.Client();
        ManualTime time = new();
        using GateReaders readers = new(new(kubernetes), time);
        Task<bool> Ask(string name) => readers.MayGetAsync(
            "Bearer t", SchemaGateResource.Resource, new("shop", name), TestContext.Current.CancellationToken);
        Assert.True(await Ask("one"));
        time.Advance(GateReaders.Remembered / 2);
        Assert.True(await Ask("two"));
        time.Advance(GateReaders.Remembered / 2);
        // The token was withdrawn meanwhile.
        Assert.False(await Ask("two"));
        Assert.Equal(4, api.Requests.Count);
    }

    private async Task<(HttpResponseMessage Response, JsonNode Body)> AskAsync(VerdictServer server, string path, string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{server.Url}/v1/gates/{path}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
