using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Operators;

/// <summary>Reviews over real connections with TLS; their time is the test's.</summary>
public sealed class ReviewConnectionTests
{
    [Fact]
    public async Task A_review_has_a_connection_of_its_own()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        for (int review = 0; review < 3; review++)
        {
            Assert.True(await IsClosedAsync(client));
            server.Time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    [Fact]
    public async Task The_reviews_of_a_burst_share_a_connection_for_a_second()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        await BurstAsync(client);
        Assert.False(await IsClosedAsync(client));
        server.Time.Advance(ReviewConnections.Second / 2);
        await BurstAsync(client, shared: true);
        server.Time.Advance(ReviewConnections.Second / 2);
        Assert.True(await IsClosedAsync(client));
        Assert.False(await IsClosedAsync(client));
    }

    [Fact]
    public async Task A_kept_connection_that_idles_for_a_second_is_closed()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        await BurstAsync(client);
        using TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", new Uri(server.Url).Port, TestContext.Current.CancellationToken);
        await using SslStream tls = new(connection.GetStream());
        await tls.AuthenticateAsClientAsync(VerdictServer.Trusting(), TestContext.Current.CancellationToken);
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {VerdictServer.DeploymentPath} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{{}}"),
            TestContext.Current.CancellationToken);
        byte[] answer = new byte[4096];
        int length = await tls.ReadAsync(answer, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Connection: close", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);

        server.Time.Advance(ReviewConnections.Second);
        while (await tls.ReadAsync(answer, TestContext.Current.CancellationToken) > 0)
        {
            // What is left of the answer.
        }
    }

    [Fact]
    public async Task Nothing_is_kept_by_a_replica_that_does_not_know_yet()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(), synced: false);
        using HttpClient client = server.Client();
        await BurstAsync(client);
        Assert.True(await IsClosedAsync(client));
    }

    /// <summary>As many reviews as make a burst of those that follow.</summary>
    private static async Task BurstAsync(HttpClient client, bool shared = false)
    {
        for (int review = 0; review < ReviewConnections.Burst; review++)
        {
            Assert.Equal(!shared, await IsClosedAsync(client));
        }
    }

    /// <summary>Whether the answer closes its connection. What is asked makes no sense, and is answered nevertheless.</summary>
    private static async Task<bool> IsClosedAsync(HttpClient client)
    {
        using StringContent review = new("{}", Encoding.UTF8, "application/json");
        try
        {
            using HttpResponseMessage answer = await client.PostAsync(
                VerdictServer.DeploymentPath, review, TestContext.Current.CancellationToken);
            return answer.Headers.ConnectionClose ?? false;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            // It was closed for its age while the question was on its way, which the API server asks again.
            return true;
        }
    }
}
