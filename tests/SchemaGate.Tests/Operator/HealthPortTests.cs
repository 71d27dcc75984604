using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

/// <summary>The port for the kubelet, which every pod reaches.</summary>
public sealed class HealthPortTests
{
    [Fact]
    public async Task The_oldest_connections_make_room_for_new_ones()
    {
        OperatorOptions options = new("s", new(IPAddress.Loopback, 0), new WebhookEndpoint.Outside(new("https://127.0.0.1")))
        {
            Identity = "test",
            HealthListen = new(IPAddress.Loopback, 0),
        };
        await using WebApplication app = WebhookServer.Create(options, new ServedCertificate(), TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        Uri health = new(app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal)));
        List<TcpClient> askers = [];
        try
        {
            for (int one = 0; one < StrangerConnections.MostOfOne + 20; one++)
            {
                TcpClient asker = new();
                askers.Add(asker);
                await asker.ConnectAsync(IPAddress.Loopback, health.Port, TestContext.Current.CancellationToken);
            }

            Assert.Equal(0, await EndAsync(askers[0]));
            using HttpClient kubelet = new();
            using HttpResponseMessage answer = await kubelet.GetAsync(health, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        finally
        {
            askers.ForEach(asker => asker.Dispose());
        }
    }

    /// <summary>Sooner than a connection is closed that asks nothing.</summary>
    private static async Task<int> EndAsync(TcpClient asker)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        try
        {
            return await asker.GetStream().ReadAsync(new byte[1], patience.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
