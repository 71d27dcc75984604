using System.Net;
using System.Net.Sockets;

namespace SchemaGate.Benchmarks.Cluster;

/// <summary>
/// A relay before a server, or before several that take turns, connection by connection. It counts how often the client speaks after the
/// server has: round trips, whatever they carry.
/// </summary>
internal sealed class RoundTripRelay : IDisposable
{
    private readonly TcpListener listener;
    private readonly Uri[] servers;
    private int connections;
    private int roundTrips;

    public RoundTripRelay(params Uri[] servers)
        : this(IPAddress.Loopback, servers)
    {
    }

    /// <param name="address">Where it listens: whoever reaches it reaches the servers.</param>
    public RoundTripRelay(IPAddress address, params Uri[] servers)
    {
        this.servers = servers;
        listener = new(address, 0);
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The server's URL with the relay's address.</summary>
    public Uri Address => new UriBuilder(servers[0]) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    public int Connections => Volatile.Read(ref connections);

    public int RoundTrips => Volatile.Read(ref roundTrips);

    /// <summary>Told the number of each turn of the client's, from 1, before what it says goes on to the server.</summary>
    public Action<int>? AtTurn { get; set; }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The relay was closed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        Uri server = servers[(uint)Interlocked.Increment(ref connections) % servers.Length];
        int serverSpoke = 1;
        using TcpClient upstream = new() { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await upstream.ConnectAsync(server.Host, server.Port);
            Task asked = CopyAsync(client, upstream, () =>
            {
                if (Interlocked.Exchange(ref serverSpoke, 0) == 1)
                {
                    int turn = Interlocked.Increment(ref roundTrips);
                    AtTurn?.Invoke(turn);
                }
            });
            Task answered = CopyAsync(upstream, client, () => Volatile.Write(ref serverSpoke, 1));
            await Task.WhenAny(asked, answered);
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Action spoke)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            for (int read = await from.GetStream().ReadAsync(buffer); read > 0; read = await from.GetStream().ReadAsync(buffer))
            {
                spoke();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side closed.
        }
    }
}
