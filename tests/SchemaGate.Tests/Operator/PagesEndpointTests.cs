using System.Net;
using System.Text;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class PagesEndpointTests
{
    private const string Document = """
        ## Pending

        ## Migrated

        ### 20250101000000_drop
        - **Status:** MIGRATED
        - **Description:** The <script>alert(1)</script> column goes
        - **Risk Level:** Low

        ## Deployed
        """;

    private const string Sql = "ALTER TABLE orders DROP COLUMN legacy;\n";

    [Fact]
    public async Task Who_may_get_a_gate_sees_its_verdict_entries_SQL_and_who_is_held()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        await server.LookAsync();
        using HttpResponseMessage answer = await server.AskAsync("/gates/shop/shop");
        string page = await TextAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(
            (string[])[
                "MigrationsPending", "deployment/shop-web", "drop</h3>", "DROP COLUMN legacy", "ACCESS EXCLUSIVE", "not applied",
                "risk-understated",
                "The &lt;script&gt;alert(1)&lt;/script&gt; column goes", "&lt;b&gt;20250101000000_drop&lt;/b&gt; is not applied.",
            ],
            word => Assert.Contains(word, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_who_looks_makes_the_operator_ask_a_registry()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        using HttpResponseMessage answer = await server.AskAsync("/gates/shop/shop");
        Assert.Contains("is not in memory", await TextAsync(answer), StringComparison.Ordinal);
        Assert.Equal(0, server.RegistryRequests);
    }

    [Fact]
    public async Task A_replica_that_does_not_lead_names_the_one_that_does()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        server.Leader = "schemagate-7d9f-abcde_0123456789";
        using HttpResponseMessage answer = await server.AskAsync("/gates/shop/shop");
        string page = await TextAsync(answer);
        Assert.Contains("<code>schemagate-7d9f-abcde</code>", page, StringComparison.Ordinal);
        Assert.Contains("MigrationsPending", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_gate_has_read_is_not_shown_of_another_with_the_same_image()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/billing");
        await server.LookAsync();
        using HttpResponseMessage answer = await server.AskAsync("/gates/shop/billing");
        Assert.DoesNotContain("DROP COLUMN", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer another-token")]
    [InlineData("Bearer ")]
    [InlineData("Basic bm9ib2R5")]
    [InlineData("Basic !")]
    [InlineData("Negotiate x")]
    public async Task Nobody_is_asked_who_they_are_whatever_they_ask_for(string? authorization)
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop", "list schemagates /");
        foreach (string path in (string[])["/gates", "/gates/shop/shop", "/gates/shop/none"])
        {
            using HttpResponseMessage answer = await server.AskAsync(path, authorization);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal(["Bearer", "Basic"], answer.Headers.WwwAuthenticate.Select(way => way.Scheme), StringComparer.Ordinal);
            Assert.DoesNotContain("MigrationsPending", await TextAsync(answer), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/gates/shop/shop")]
    [InlineData("/gates/shop/none")]
    public async Task Who_may_not_get_a_gate_cannot_tell_whether_it_is_there(string path)
    {
        await using PagesServer server = await StartAsync("get schemagates tools/search");
        using HttpResponseMessage answer = await server.AskAsync(path);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("MigrationsPending", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_sends_the_token_as_a_password()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        string pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{PagesServer.Token}"));
        using HttpResponseMessage answer = await server.AskAsync("/gates/shop/shop", $"Basic {pair}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_overview_of_who_may_list_all_costs_one_question()
    {
        await using PagesServer server = await StartAsync("list schemagates /");
        using HttpResponseMessage answer = await server.AskAsync("/gates");
        string page = await TextAsync(answer);
        Assert.All((string[])["shop/shop", "shop/billing", "tools/search"], gate => Assert.Contains(gate, page, StringComparison.Ordinal));
        Assert.Equal(["who", "list schemagates /"], server.Asked, StringComparer.Ordinal);
        using HttpResponseMessage again = await server.AskAsync("/gates");
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task What_could_not_be_asked_about_is_not_called_all_that_there_is()
    {
        await using PagesServer server = await StartAsync("list schemagates tools/");
        Assert.DoesNotContain("pages of their own", await OverviewAsync(server), StringComparison.Ordinal);
        await using PagesServer broken = await StartAsync("list schemagates tools/");
        broken.Broken.Add("get schemagates shop/shop");
        Assert.Contains("pages of their own", await OverviewAsync(broken), StringComparison.Ordinal);
    }

    private static async Task<string> OverviewAsync(PagesServer server)
    {
        using HttpResponseMessage answer = await server.AskAsync("/gates");
        return await TextAsync(answer);
    }

    [Fact]
    public async Task The_overview_has_the_gates_of_namespaces_that_may_be_listed_and_those_that_may_be_got()
    {
        await using PagesServer server = await StartAsync("list schemagates tools/", "get schemagates shop/billing");
        using HttpResponseMessage answer = await server.AskAsync("/gates");
        string page = await TextAsync(answer);
        Assert.Contains("/gates/tools/search", page, StringComparison.Ordinal);
        Assert.Contains("/gates/shop/billing", page, StringComparison.Ordinal);
        Assert.DoesNotContain("shop/shop", page, StringComparison.Ordinal);
        Assert.Single(server.Asked, question => question == "who");
    }

    [Fact]
    public async Task Every_answer_says_what_a_browser_may_do_with_it()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        string[] paths =
            ["/gates", "/gates/shop/shop", "/gates/shop", "/", "/elsewhere", "/v1/gates/shop/shop/verdict", "/healthz"];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await server.AskAsync(path);
            string policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.EndsWith("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", string.Join(';', answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
            Assert.NotEqual("ok", await TextAsync(answer), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_are_read_and_nothing_else()
    {
        await using PagesServer server = await StartAsync("get schemagates shop/shop");
        using HttpResponseMessage posted = await server.AskAsync("/gates/shop/shop", method: HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        using HttpResponseMessage head = await server.AskAsync("/gates/shop/shop", method: HttpMethod.Head);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 1000);
    }

    [Fact]
    public async Task Pages_are_on_their_own_port_alone()
    {
        await using PagesServer server = await StartAsync("list schemagates /");
        using HttpClient asker = new(new SocketsHttpHandler { SslOptions = VerdictServer.Trusting() });
        asker.DefaultRequestHeaders.Authorization = new("Bearer", PagesServer.Token);
        using HttpResponseMessage answer = await asker.GetAsync(
            new Uri(server.Webhooks, "/gates"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_they_are_plain_where_that_is_asked_for()
    {
        await using PagesServer server = await PagesServer.StartAsync(Document, Sql, isPlain: true);
        server.Rights.Add("list schemagates /");
        using HttpResponseMessage answer = await server.AskAsync("/gates");
        Assert.Equal(("http", HttpStatusCode.OK), (server.Address.Scheme, answer.StatusCode));
    }

    private static async Task<PagesServer> StartAsync(params string[] rights)
    {
        PagesServer server = await PagesServer.StartAsync(Document, Sql);
        server.Rights.UnionWith(rights);
        return server;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
