using System.Net;
using System.Net.Sockets;

namespace SchemaGate.Tests;

/// <summary>
/// Ports that nobody listens on, for whoever has to name one before it listens. Below those that outgoing connections are given (32768 and
/// up: net.ipv4.ip_local_port_range) and those of node ports (30000 and up), and never twice in one process: what was free stays so.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private static int last = Random.Shared.Next(Count);

    public static int Next(IPAddress? host = null)
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            using TcpListener listener = new(host ?? IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
