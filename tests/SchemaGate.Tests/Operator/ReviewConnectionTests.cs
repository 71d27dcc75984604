using System.Net.Security;
using System.Text;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Operators;

/// <summary>Reviews over real connections; their time is the test's.</summary>
public sealed class ReviewConnectionTests
{
    [Fact]
    public async Task A_review_has_a_connection_of_its_own()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = Client(server);
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
        using HttpClient client = Client(server);
        for (int review = 0; review < ReviewConnections.Burst; review++)
        {
            Assert.True(await IsClosedAsync(client));
        }

        Assert.False(await IsClosedAsync(client));
        server.Time.Advance(ReviewConnections.Second / 2);
        Assert.False(await IsClosedAsync(client));
        server.Time.Advance(ReviewConnections.Second);
        Assert.True(await IsClosedAsync(client));
    }

    [Fact]
    public async Task Nothing_is_kept_by_a_replica_that_does_not_know_yet()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate(), synced: false);
        using HttpClient client = Client(server);
        for (int review = 0; review < 2 * ReviewConnections.Burst; review++)
        {
            Assert.True(await IsClosedAsync(client));
        }
    }

    private static HttpClient Client(VerdictServer server) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    { BaseAddress = new(server.Url) };

    /// <summary>Whether the answer closes its connection. What is asked makes no sense, and is answered nevertheless.</summary>
    private static async Task<bool> IsClosedAsync(HttpClient client)
    {
        using StringContent review = new("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(
            WebhookRegistration.DeploymentPath, review, TestContext.Current.CancellationToken);
        return answer.Headers.ConnectionClose ?? false;
    }
}
