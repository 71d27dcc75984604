using System.Net;
using System.Net.Sockets;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Postgres.Tests;

/// <summary>One name that leads to two servers in turn, as a Service without a leader's label does.</summary>
[Trait("needs", "packages")]
public sealed class SeveralServersTests
{
    [Fact]
    public async Task A_run_whose_lock_is_on_another_server_does_nothing()
    {
        await using ThrowawayServer first = await ThrowawayServer.StartAsync();
        await using ThrowawayServer second = await ThrowawayServer.StartAsync();
        using TcpListener relay = new(IPAddress.Loopback, 0);
        relay.Start();
        using CancellationTokenSource ended = new();
        Task relaying = RelayAsync(relay, [PortOf(first), PortOf(second)], ended.Token);
        ApplyReport report = await TestDatabase.ApplyAsync(
            TestDatabase.Parse($"postgresql://postgres@{relay.LocalEndpoint}/postgres"), ApplyOptions.Default,
            ("1", "CREATE TABLE t (a int)"));
        Assert.Equal(DatabaseFailure.SettingsUnusable, report.Failure!.Kind);
        Assert.Contains("more than one server", report.Failure.Message, StringComparison.Ordinal);
        foreach (ThrowawayServer server in (ThrowawayServer[])[first, second])
        {
            Assert.Equal(["0"], await TestDatabase.QueryAsync(server.Url, "SELECT count(*) FROM pg_class WHERE relname = 't'"));
        }

        await ended.CancelAsync();
        await relaying;
    }

    private static int PortOf(ThrowawayServer server) => new Uri(server.Url).Port;

    private static async Task RelayAsync(TcpListener relay, int[] ports, CancellationToken cancellation)
    {
        try
        {
            for (int turn = 0; ; turn++)
            {
                _ = CopyAsync(await relay.AcceptTcpClientAsync(cancellation), ports[turn % ports.Length], cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task CopyAsync(TcpClient client, int port, CancellationToken cancellation)
    {
        using TcpClient server = new();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, port, cancellation);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream(), cancellation),
                server.GetStream().CopyToAsync(client.GetStream(), cancellation));
        }
    }
}
