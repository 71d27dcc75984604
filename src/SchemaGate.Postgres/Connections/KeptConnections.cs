namespace SchemaGate.Postgres.Connections;

/// <summary>
/// Which URLs' connections to one server stay open between two readings. Where there are more URLs than places, those that have a place keep it
/// as long as they are read: giving it to the newest would leave none of a hundred that are read in turn with an open connection.
/// Not thread-safe.
/// </summary>
internal sealed class KeptConnections(TimeProvider time)
{
    /// <summary>
    /// Open connections of one server that nobody uses at the moment. A server has a hundred by default, which are its applications', and
    /// for ten minutes after a change of leaders two operators have theirs.
    /// </summary>
    public const int Most = 20;

    /// <summary>A gate is looked at every thirty seconds by default. What was not read for so long gives its place to another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Kept> _urls = new(StringComparer.Ordinal);

    /// <summary>A reading of the URL begins.</summary>
    public void Begin(string url)
    {
        if (!_urls.TryGetValue(url, out Kept? kept))
        {
            _urls.Add(url, kept = new());
        }

        kept.InUse++;
        kept.Open = Math.Max(kept.Open, kept.InUse);
    }

    /// <summary>A reading has ended: answers the URLs whose idle connections are to be closed for it.</summary>
    public IReadOnlyList<string> End(string url)
    {
        Kept ended = _urls[url];
        ended.InUse--;
        ended.UsedAt = time.GetTimestamp();
        List<string> closing = [];
        while (Idle > Most && Unread() is { } unread)
        {
            _urls.Remove(unread);
            closing.Add(unread);
        }

        if (Idle > Most)
        {
            Close(url, ended);
            closing.Add(url);
        }

        return closing;
    }

    private int Idle => _urls.Values.Sum(kept => kept.Open - kept.InUse);

    private string? Unread() => _urls
        .Where(entry => entry.Value.InUse == 0 && time.GetElapsedTime(entry.Value.UsedAt) > Patience)
        .OrderBy(entry => entry.Value.UsedAt)
        .Select(entry => entry.Key)
        .FirstOrDefault();

    private void Close(string url, Kept closed)
    {
        closed.Open = closed.InUse;
        if (closed.InUse == 0)
        {
            _urls.Remove(url);
        }
    }

    private sealed class Kept
    {
        public int InUse { get; set; }

        /// <summary>At most so many connections: as many as were in use at a time. An attempt that failed counts, too.</summary>
        public int Open { get; set; }

        public long UsedAt { get; set; }
    }
}
