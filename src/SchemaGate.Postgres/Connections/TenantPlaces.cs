namespace SchemaGate.Postgres.Connections;

/// <summary>
/// A few places that all tenants share. No tenant has the last one beside its others, nor have those together who were slow here lately
/// (a history that is a view, SQL that takes seconds to judge): it is for whoever is quick, as most are. Among those for whom there is a
/// place, first come, first served. Thread-safe.
/// </summary>
/// <param name="all">How many there are, at least two.</param>
/// <param name="time">Measures waits, and who is slow.</param>
public sealed class TenantPlaces(int all, TimeProvider time)
{
    /// <summary>Who keeps a place for longer is slow.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>For how long that counts.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<Place> _taken = [];
    private readonly List<Waiter> _waiting = [];
    private readonly Dictionary<string, long> _slow = new(StringComparer.Ordinal);

    /// <summary>Waits for a place, which is given back by disposing of it.</summary>
    /// <param name="tenant">Who takes it.</param>
    /// <param name="patience">For how long.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null where no place came in time.</returns>
    public async Task<IDisposable?> EnterAsync(string tenant, TimeSpan patience, CancellationToken cancellation)
    {
        Waiter waiter = new(tenant, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiting.Add(waiter);
            Serve();
        }

        try
        {
            return await waiter.Turn.Task.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            GiveUp(waiter);
            return null;
        }
        catch (OperationCanceledException)
        {
            GiveUp(waiter);
            throw;
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiter))
            {
                // It came at the last moment.
                Leave((Place)waiter.Turn.Task.Result);
            }
        }
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            if (_taken.Remove(place))
            {
                if (IsLong(place))
                {
                    _slow[place.Tenant] = time.GetTimestamp();
                }

                Serve();
            }
        }
    }

    private void Serve()
    {
        foreach (string quick in _slow.Where(entry => time.GetElapsedTime(entry.Value) > Memory).Select(entry => entry.Key).ToList())
        {
            _slow.Remove(quick);
        }

        foreach (Waiter waiter in _waiting.Where(HasPlace).ToList())
        {
            // Who was served before it may have taken what it saw.
            if (HasPlace(waiter))
            {
                Place place = new(this, waiter.Tenant, time.GetTimestamp());
                _waiting.Remove(waiter);
                _taken.Add(place);
                waiter.Turn.SetResult(place);
            }
        }
    }

    private bool HasPlace(Waiter waiter) => _taken.Count < all
        && _taken.Count(place => place.Tenant == waiter.Tenant) < all - 1
        && (!_slow.ContainsKey(waiter.Tenant) || _taken.Count(IsSlow) < all - 1);

    private bool IsSlow(Place place) => _slow.ContainsKey(place.Tenant) || IsLong(place);

    private bool IsLong(Place place) => time.GetElapsedTime(place.Since) > Moment;

    private sealed record Waiter(string Tenant, TaskCompletionSource<IDisposable> Turn);

    private sealed class Place(TenantPlaces places, string tenant, long since) : IDisposable
    {
        public string Tenant => tenant;

        public long Since => since;

        public void Dispose() => places.Leave(this);
    }
}
