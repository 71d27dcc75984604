using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// The connections of callers that have not named a secret path, which every pod may open: so many are kept, the oldest is closed for a
/// new one, so that the API server, which names the path at once, always finds room. Thread-safe.
/// </summary>
internal sealed class StrangerConnections(int most = StrangerConnections.Most, int mostOfOne = StrangerConnections.MostOfOne)
{
    /// <summary>Some 80 KiB each, with TLS.</summary>
    public const int Most = 768;

    /// <summary>Of one address: one pod does not push out the others. A burst of the API server's comes from one address, too.</summary>
    public const int MostOfOne = 384;

    private static readonly object s_key = new();
    private readonly Lock gate = new();
    private readonly LinkedList<ConnectionContext> strangers = new();
    private readonly Dictionary<IPAddress, LinkedList<ConnectionContext>> addresses = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return strangers.Count;
            }
        }
    }

    /// <summary>Runs a connection.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Items[s_key] = connection;
        ConnectionContext? oldest = Add(connection);
        oldest?.Abort(new ConnectionAbortedException("closed for a newer connection"));
        try
        {
            await next(connection);
        }
        finally
        {
            Remove(connection);
        }
    }

    /// <summary>It is the API server's.</summary>
    public void Know(HttpContext review)
    {
        if (review.Features.GetRequiredFeature<IConnectionItemsFeature>().Items.TryGetValue(s_key, out object? found)
            && found is ConnectionContext connection)
        {
            Remove(connection);
        }
    }

    /// <returns>The one to be closed in its place.</returns>
    private ConnectionContext? Add(ConnectionContext connection)
    {
        ConnectionContext? oldest;
        lock (gate)
        {
            IPAddress address = AddressOf(connection);
            if (!addresses.TryGetValue(address, out LinkedList<ConnectionContext>? own))
            {
                addresses[address] = own = new();
            }

            LinkedList<ConnectionContext> full = own.Count >= mostOfOne ? own : strangers;
            oldest = own.Count >= mostOfOne || strangers.Count >= most ? full.First!.Value : null;
            strangers.AddLast(connection);
            own.AddLast(connection);
            if (oldest is not null)
            {
                RemoveLocked(oldest);
            }
        }

        return oldest;
    }

    private void Remove(ConnectionContext connection)
    {
        lock (gate)
        {
            RemoveLocked(connection);
        }
    }

    private void RemoveLocked(ConnectionContext connection)
    {
        IPAddress address = AddressOf(connection);
        if (strangers.Remove(connection) && addresses.TryGetValue(address, out LinkedList<ConnectionContext>? own))
        {
            own.Remove(connection);
            if (own.Count == 0)
            {
                addresses.Remove(address);
            }
        }
    }

    private static IPAddress AddressOf(ConnectionContext connection) =>
        (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
}
