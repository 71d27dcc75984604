namespace SchemaGate.Postgres.Connections;

/// <summary>
/// One server (or list of servers), shared by all URLs that lead to it: a hundred gates must neither take all of its connections nor wait
/// for it one after the other while it is away. Thread-safe.
/// </summary>
internal sealed class ServerShare(TimeProvider time) : IDisposable
{
    /// <summary>Connections in use at a time. A reading takes milliseconds, so few suffice for many URLs.</summary>
    public const int MostInUse = 3;

    /// <summary>URLs whose connection stays open between two readings: with up to as many, a recheck costs one round trip.</summary>
    public const int MostKept = 4;

    /// <summary>A server that answers "no" sooner costs nobody a wait: it is asked by everyone, and seen at once when it is back.</summary>
    private static readonly TimeSpan LongFailure = TimeSpan.FromSeconds(1);

    /// <summary>How long the failure of a server that does not answer counts for everyone who asks.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _slots = new(MostInUse);
    private readonly LinkedList<string> _recent = [];
    private (DatabaseException Failure, long At)? _failure;

    /// <summary>Waits for a connection's place, which <see cref="Leave"/> gives back.</summary>
    /// <exception cref="DatabaseException">The server did not answer a moment ago.</exception>
    public async Task EnterAsync(CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        lock (_recent)
        {
            if (_failure is not { } known || time.GetElapsedTime(known.At) >= FailureLifetime)
            {
                return;
            }

            _slots.Release();
            throw new DatabaseException(known.Failure.Kind, known.Failure.Message, known.Failure.SqlState);
        }
    }

    public void Dispose() => _slots.Dispose();

    public void Leave() => _slots.Release();

    /// <summary>Only what is the server's and not the URL's is remembered for the others.</summary>
    /// <param name="failure">What came of it.</param>
    /// <param name="started">The timestamp from before the attempt.</param>
    public void Failed(DatabaseException failure, long started)
    {
        if (failure.Kind is DatabaseFailure.Unreachable or DatabaseFailure.TimedOut && time.GetElapsedTime(started) >= LongFailure)
        {
            lock (_recent)
            {
                _failure = (failure, time.GetTimestamp());
            }
        }
    }

    /// <summary>Notes that a URL was read, and answers the one whose connections are to be closed for it, if any.</summary>
    public string? Used(string url)
    {
        lock (_recent)
        {
            _failure = null;
            _recent.Remove(url);
            _recent.AddFirst(url);
            if (_recent.Count <= MostKept)
            {
                return null;
            }

            string oldest = _recent.Last!.Value;
            _recent.RemoveLast();
            return oldest;
        }
    }
}
