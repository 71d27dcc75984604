namespace SchemaGate.Postgres.Connections;

/// <summary>
/// Which URLs' connections to one server stay open between two readings. Where there are more URLs than places, those that have a place
/// keep it as long as they are read: giving it to the newest would leave none of a hundred that are read in turn with an open connection.
/// Not thread-safe.
/// </summary>
internal sealed class KeptConnections(TimeProvider time)
{
    /// <summary>
    /// Open connections of one server that nobody uses at the moment. A server has a hundred by default, which are its applications', and
    /// for a while after a change of leaders two operators have theirs.
    /// </summary>
    public const int Most = 20;

    /// <summary>
    /// A gate is looked at every thirty seconds by default. What was not read for so long, such as a URL before its password was changed,
    /// is closed.
    /// </summary>
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

    /// <summary>A reading has ended.</summary>
    /// <param name="url">As it was begun.</param>
    /// <param name="keeps">Whether its connection may stay. What failed keeps nothing: a URL's connections die together.</param>
    /// <returns>The URLs whose idle connections are to be closed.</returns>
    public IReadOnlyList<string> End(string url, bool keeps)
    {
        Kept ended = _urls[url];
        ended.InUse--;
        ended.UsedAt = time.GetTimestamp();
        List<string> closing = [.. _urls
            .Where(entry => entry.Value.InUse == 0 && time.GetElapsedTime(entry.Value.UsedAt) > Patience)
            .Select(entry => entry.Key)];
        closing.ForEach(unread => _urls.Remove(unread));
        if (!keeps || _urls.Values.Sum(kept => kept.Open - kept.InUse) > Most)
        {
            closing.Add(url);
            ended.Open = ended.InUse;
            if (ended.InUse == 0)
            {
                _urls.Remove(url);
            }
        }

        return closing;
    }

    private sealed class Kept
    {
        public int InUse { get; set; }

        /// <summary>At most so many connections: as many as were in use at a time.</summary>
        public int Open { get; set; }

        public long UsedAt { get; set; }
    }
}
