using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>A TCP relay, for what networks do: connections that are reset, refused, or silent.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri target;
    private readonly Task accepting;
    private volatile TaskCompletionSource? silence;
    private volatile bool refusing;

    /// <param name="target">A port of loopback.</param>
    /// <param name="listen">Null for loopback.</param>
    public Relay(Uri target, IPAddress? listen = null)
    {
        (this.target, listener) = (target, new(listen ?? IPAddress.Loopback, 0));
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Every connection ends with a reset; new ones are taken.</summary>
    public void Reset()
    {
        foreach (var socket in sockets.Keys)
        {
            socket.Close(timeout: 0);
        }
    }

    /// <summary>Every connection ends with a reset, and new ones too until <see cref="Allow"/>.</summary>
    public void Refuse()
    {
        refusing = true;
        Reset();
    }

    public void Allow() => refusing = false;

    /// <summary>Connections stay, and nothing passes until <see cref="Speak"/>.</summary>
    public void Silence() => silence = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Speak()
    {
        silence?.SetResult();
        silence = null;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        silence?.TrySetResult();
        listener.Stop();
        Reset();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync(stopping.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sockets[client] = sockets[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target.Port);
            await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Whoever closed it, the other side is closed too.
        }

        client.Close(timeout: 0);
        sockets.TryRemove(client, out _);
        sockets.TryRemove(server, out _);
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (!refusing && await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                await (silence?.Task ?? Task.CompletedTask);
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset, by either side or on purpose.
        }
    }
}
