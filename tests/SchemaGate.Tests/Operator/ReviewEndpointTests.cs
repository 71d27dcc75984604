using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator.Serving;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>What anybody in the cluster gets from the admission port, and what the API server gets.</summary>
public sealed class ReviewEndpointTests
{
    /// <summary>It asks for an override in the name of somebody who may.</summary>
    private const string Forged = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"r","operation":"UPDATE",
         "kind":{"group":"schemagate.dev","version":"v1alpha1","kind":"SchemaGate"},
         "resource":{"group":"schemagate.dev","version":"v1alpha1","resource":"schemagates"},
         "name":"shop","namespace":"shop","userInfo":{"username":"admin","groups":["system:masters"]},
         "object":{"metadata":{"name":"shop","namespace":"shop","uid":"g","annotations":
          {"schemagate.dev/open":"{\"requires\":\"m2\",\"reason\":\"because\"}"} },"spec":{} },
         "oldObject":{"metadata":{"name":"shop","namespace":"shop","uid":"g"},"spec":{} } } }
        """;

    private static readonly Uri s_known = new($"/admission/{VerdictServer.Secret}/claims", UriKind.Relative);

    [Theory]
    [InlineData("/admission/claims")]
    [InlineData("/admission/5555555555555555555555555555555555555555555555555555555555555556/claims")]
    public async Task A_made_up_review_gets_neither_a_seal_nor_a_word_about_rights(string path)
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        using HttpResponseMessage answer = await PostAsync(client, new(path, UriKind.Relative), Forged);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.Headers.ConnectionClose);
        Assert.Empty(server.Reviews);
    }

    [Fact]
    public async Task The_API_server_which_knows_the_path_is_answered()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        using HttpResponseMessage answer = await PostAsync(client, s_known, Forged);
        Assert.Contains(
            "\"uid\":\"r\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotEmpty(server.Reviews);
    }

    /// <summary>It is answered before any of it is sent.</summary>
    [Fact]
    public async Task Who_does_not_know_the_path_is_sent_away_with_the_body_unread()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        await using SslStream tls = await ConnectAsync(server);
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /admission/claims HTTP/1.1\r\nHost: h\r\nContent-Length: {8 << 20}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 404", await ReadToEndAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_the_largest_review_is_refused_unread()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        await using SslStream tls = await ConnectAsync(server);
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {s_known} HTTP/1.1\r\nHost: h\r\nContent-Length: {(8 << 20) + 1}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 413", await ReadToEndAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_of_another_resource_than_the_path_serves_is_refused()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        using HttpResponseMessage answer = await PostAsync(client, new(VerdictServer.DeploymentPath, UriKind.Relative), Forged);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "schemagate.dev/schemagates SchemaGate is not reviewed here",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resource.resource", "secrets")]
    [InlineData("kind.kind", "Secret")]
    [InlineData("kind.group", "other")]
    [InlineData("operation", "DELETE")]
    [InlineData("subResource", "status")]
    [InlineData("object.kind", "Deployment")]
    [InlineData("oldObject.apiVersion", "v1")]
    public void A_review_that_is_not_of_what_it_says_is_refused(string member, string value)
    {
        JsonNode review = JsonNode.Parse(Forged)!;
        ReviewScope.Check(WebhookRegistration.ClaimPath, Read(review));
        JsonNode parent = review["request"]!;
        string[] path = member.Split('.');
        (path.Length == 1 ? parent : parent[path[0]]!)[path[^1]] = value;
        Assert.Throws<KubernetesException>(() => ReviewScope.Check(WebhookRegistration.ClaimPath, Read(review)));
    }

    /// <summary>What the API server is told to ask about is reviewed, and nothing else.</summary>
    [Fact]
    public void Each_path_reviews_what_is_registered_for_it()
    {
        WebhookEndpoint endpoint = new WebhookEndpoint.InCluster("schemagate", "schemagate-system");
        IEnumerable<(string Path, string Resource)> registered = WebhookContent.Wanted(endpoint, "bundle", [], hasMatchConditions: true)
            .SelectMany(configuration => configuration.Content["webhooks"]!.AsArray())
            .SelectMany(hook => hook!["rules"]!.AsArray().Select(rule => (
                hook["clientConfig"]!["service"]!["path"]!.ToString(), $"{rule!["apiGroups"]![0]}/{rule["resources"]![0]}")));
        Assert.All(registered.GroupBy(rule => rule.Path, StringComparer.Ordinal), path => Assert.Equal(
            path.Select(rule => rule.Resource).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ReviewScope.Resources(path.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_oldest_connection_of_strangers_makes_room_for_the_API_server()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        List<TcpClient> strangers = [];
        try
        {
            for (int one = 0; one < StrangerConnections.MostOfOne + 20; one++)
            {
                TcpClient stranger = new();
                strangers.Add(stranger);
                await stranger.ConnectAsync("127.0.0.1", new Uri(server.Url).Port, TestContext.Current.CancellationToken);
            }

            using HttpClient client = server.Client();
            using HttpResponseMessage answer = await PostAsync(client, s_known, Forged);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.InRange(server.Strangers.Count, 1, StrangerConnections.MostOfOne);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }
    }

    [Fact]
    public async Task Reviews_and_their_bytes_wait_for_room_in_the_order_in_which_they_came()
    {
        ReviewBudget budget = new();
        const int largest = ReviewEndpoint.LongestReview;
        List<IDisposable> places = [];
        for (long taken = 0; taken < ReviewBudget.MostBytes; taken += largest)
        {
            places.Add(await budget.EnterAsync(largest, TestContext.Current.CancellationToken));
        }

        using CancellationTokenSource givesUp = new();
        Task<IDisposable> first = budget.EnterAsync(largest, givesUp.Token);
        Task<IDisposable> second = budget.EnterAsync(1, TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted || second.IsCompleted);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        places[0].Dispose();
        places[0].Dispose();
        using IDisposable entered = await second;
        Task<IDisposable> third = budget.EnterAsync(largest, TestContext.Current.CancellationToken);
        Assert.False(third.IsCompleted);
        places[1].Dispose();
        using IDisposable last = await third;
    }

    private static AdmissionRequest Read(JsonNode review)
    {
        using MemoryStream body = new(Encoding.UTF8.GetBytes(review.ToJsonString()));
        return AdmissionReview.ReadAsync(body, 1 << 20, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri path, string review)
    {
        using StringContent body = new(review, Encoding.UTF8, "application/json");
        return await client.PostAsync(path, body, TestContext.Current.CancellationToken);
    }

    private static async Task<SslStream> ConnectAsync(VerdictServer server)
    {
        TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", new Uri(server.Url).Port, TestContext.Current.CancellationToken);
        SslStream tls = new(connection.GetStream());
        await tls.AuthenticateAsClientAsync(VerdictServer.Trusting(), TestContext.Current.CancellationToken);
        return tls;
    }

    private static async Task<string> ReadToEndAsync(SslStream tls)
    {
        using StreamReader reader = new(tls);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
