using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>A gate's page, asked of every replica at its pod's address.</summary>
public sealed class PagesTests(OperatorFixture schemagate)
{
    [Fact, Trait("needs", "packages")]
    public async Task Who_may_get_a_gate_reads_why_it_is_closed_and_its_SQL_of_the_replica_that_leads()
    {
        await using Shop shop = await Shop.WithHeldUpdateAsync(schemagate, deploymentFirst: false);
        using HttpClient reader = await ReaderAsync(shop);
        string path = $"/gates/{shop.Namespace}/shop";
        Assert.All(await AskAsync(reader, path), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));

        await shop.InShopAsync("create", "role", "reader", "--verb=get,list", "--resource=schemagates.schemagate.dev");
        await shop.InShopAsync("create", "rolebinding", "reader", "--role=reader", $"--serviceaccount={shop.Namespace}:default");
        IReadOnlyList<(HttpStatusCode Status, string Page)> pages = [];
        // Who was refused is remembered for a while.
        await Eventually.TrueAsync(
            async () => (pages = await AskAsync(reader, path)).All(page => page.Status == HttpStatusCode.OK),
            () => $"every replica shows the page: {string.Join(' ', pages.Select(page => page.Status))}");
        Assert.All(pages, page => Assert.Contains("deployment/shop", page.Page, StringComparison.Ordinal));
        Assert.Contains(
            pages, page => page.Page.Contains($"CREATE TABLE &quot;t_{Shop.Second}&quot;", StringComparison.Ordinal));

        foreach ((HttpStatusCode status, string overview) in await AskAsync(reader, "/gates"))
        {
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains($"href=\"/gates/{shop.Namespace}/shop\"", overview, StringComparison.Ordinal);
            Assert.Equal(1, overview.Split("href=\"/gates/").Length - 1);
        }
    }

    private static async Task<IReadOnlyList<(HttpStatusCode Status, string Page)>> AskAsync(HttpClient reader, string path)
    {
        string addresses = await OperatorFixture.InNamespaceAsync(
            "get", "pods", "-l", "app.kubernetes.io/name=schemagate", "-o",
            "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.status.podIP}} {{end}}{{end}}");
        List<(HttpStatusCode, string)> answers = [];
        foreach (string address in addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"https://{address}:9466{path}"));
            // Its certificate is the Service's.
            request.Headers.Host = "schemagate.schemagate-system.svc";
            using HttpResponseMessage answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);
            answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        Assert.NotEmpty(answers);
        return answers;
    }

    /// <summary>The shop's own service account, which trusts the operator's authority.</summary>
    private static async Task<HttpClient> ReaderAsync(Shop shop)
    {
        string secret = await shop.InShopAsync("get", "serviceaccount", "default", "-o", "jsonpath={.secrets[0].name}");
        string token = Decoded(await shop.InShopAsync("get", "secret", secret, "-o", "jsonpath={.data.token}"));
        X509Certificate2 authority = X509Certificate2.CreateFromPem(Decoded(await OperatorFixture.InNamespaceAsync(
            "get", "secret", "schemagate-webhook-tls", "-o", "jsonpath={.data.ca\\.crt}")));
        SocketsHttpHandler handler = new()
        {
            SslOptions =
            {
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { authority },
                },
            },
        };
        return new(handler) { DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
    }

    private static string Decoded(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text.Trim()));
}
