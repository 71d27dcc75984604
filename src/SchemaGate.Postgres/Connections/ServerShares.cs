namespace SchemaGate.Postgres.Connections;

/// <summary>Every server's <see cref="ServerShare"/>, while somebody reads it or has done so lately. Bounded; thread-safe.</summary>
internal sealed class ServerShares(TimeProvider time)
{
    /// <summary>More than an operator has gates at a time; only who writes other URLs all the time has more.</summary>
    public const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _servers = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _servers.Count;
            }
        }
    }

    /// <summary>The server's, until <see cref="Leave"/>.</summary>
    /// <param name="servers">What tells it from others.</param>
    /// <param name="forgotten">Servers that are forgotten, with what is kept of them.</param>
    public ServerShare Enter(string servers, out IReadOnlyList<string> forgotten)
    {
        lock (_lock)
        {
            forgotten = Forget();
            if (!_servers.TryGetValue(servers, out Entry? entry))
            {
                _servers.Add(servers, entry = new(new ServerShare(time)));
            }

            entry.Users++;
            return entry.Share;
        }
    }

    public void Leave(string servers)
    {
        lock (_lock)
        {
            Entry entry = _servers[servers];
            entry.Users--;
            entry.UsedAt = time.GetTimestamp();
        }
    }

    /// <summary>Those that nobody asks for any more; and of too many those that were not asked for the longest.</summary>
    private List<string> Forget()
    {
        List<string> forgotten = [.. _servers
            .Where(entry => entry.Value.Users == 0)
            .OrderBy(entry => entry.Value.UsedAt)
            .Where((entry, index) => index < _servers.Count - Most + 1
                || time.GetElapsedTime(entry.Value.UsedAt) > 2 * KeptConnections.Patience)
            .Select(entry => entry.Key)];
        foreach (string servers in forgotten)
        {
            _servers.Remove(servers);
        }

        return forgotten;
    }

    private sealed class Entry(ServerShare share)
    {
        public ServerShare Share { get; } = share;

        public int Users { get; set; }

        public long UsedAt { get; set; }
    }
}
