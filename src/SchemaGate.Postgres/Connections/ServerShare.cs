namespace SchemaGate.Postgres.Connections;

/// <summary>
/// One server (or list of servers), shared by all URLs that lead to it: a hundred gates must neither take all of its connections nor wait
/// for it one after the other while it is away. Thread-safe.
/// </summary>
internal sealed class ServerShare(TimeProvider time)
{
    /// <summary>Connections in use at a time. A reading takes milliseconds, so few suffice for many URLs.</summary>
    public const int MostInUse = 3;

    /// <summary>A server that answers "no" sooner costs nobody a wait: it is asked by everyone, and seen at once when it is back.</summary>
    private static readonly TimeSpan LongFailure = TimeSpan.FromSeconds(1);

    /// <summary>How long the failure of a server that does not answer counts for everyone who asks.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    /// <summary>For a place: as long as each of those that have one may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TenantPlaces _places = new(MostInUse, time);
    private readonly Lock _lock = new();
    private readonly KeptConnections _kept = new(time);
    private (DatabaseException Failure, long At)? _failure;

    /// <summary>Waits for a connection's place, which <see cref="Leave"/> gives back.</summary>
    /// <param name="url">What tells its connections from another's.</param>
    /// <param name="tenant">Who reads.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DatabaseException">The server did not answer a moment ago, or others read it all the time.</exception>
    public async Task<IDisposable> EnterAsync(string url, string tenant, CancellationToken cancellation)
    {
        IDisposable place = await _places.EnterAsync(tenant, Patience, cancellation) ?? throw new DatabaseException(
            DatabaseFailure.TimedOut,
            $"The database's server is read {MostInUse} times at once at most, and no turn came within {Patience.TotalSeconds:0} s. It "
            + "will be tried again; look for slow histories on that server.");
        lock (_lock)
        {
            if (_failure is not { } known || time.GetElapsedTime(known.At) >= FailureLifetime)
            {
                _kept.Begin(url);
                return place;
            }

            place.Dispose();
            throw new DatabaseException(known.Failure.Kind, known.Failure.Message, known.Failure.SqlState);
        }
    }

    /// <summary>Gives the place back when the connection is back in its pool.</summary>
    /// <param name="url">As it was given to <see cref="EnterAsync"/>.</param>
    /// <param name="place">What that returned.</param>
    /// <param name="answered">Whether the server was read.</param>
    /// <param name="keeps">Whether the connection may stay open.</param>
    /// <param name="close">Closes a URL's idle connections, before the next one may open any.</param>
    public void Leave(string url, IDisposable place, bool answered, bool keeps, Action<string> close)
    {
        using (place)
        {
            IReadOnlyList<string> closing;
            lock (_lock)
            {
                _failure = answered ? null : _failure;
                closing = _kept.End(url, keeps);
            }

            foreach (string idle in closing)
            {
                close(idle);
            }
        }
    }

    /// <summary>Only what is the server's and not the URL's is remembered for the others.</summary>
    /// <param name="failure">What came of it.</param>
    /// <param name="started">The timestamp from before the attempt.</param>
    public void Failed(DatabaseException failure, long started)
    {
        if (failure.Kind is DatabaseFailure.Unreachable or DatabaseFailure.TimedOut && time.GetElapsedTime(started) >= LongFailure)
        {
            lock (_lock)
            {
                _failure = (failure, time.GetTimestamp());
            }
        }
    }
}
