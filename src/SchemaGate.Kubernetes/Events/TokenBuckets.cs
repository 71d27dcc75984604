namespace SchemaGate.Kubernetes.Events;

/// <summary>How many events each object may have: 25 at once, then one in five minutes, as client-go's spam filter allows.</summary>
internal sealed class TokenBuckets(TimeProvider time, int capacity)
{
    public const int Burst = 25;
    public static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    // For each object, when its bucket will be full again; one that is full is forgotten.
    private readonly Dictionary<string, DateTimeOffset> fullAt = new(StringComparer.Ordinal);

    public bool TryTake(string subject)
    {
        var now = time.GetUtcNow();
        var full = fullAt.GetValueOrDefault(subject, now);
        var after = (full > now ? full : now) + Refill;
        if (after - now > Refill * Burst)
        {
            return false;
        }

        fullAt[subject] = after;
        if (fullAt.Count > capacity)
        {
            Forget(now);
        }

        return true;
    }

    // The fullest first: they lose least.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (subject, _) in fullAt.OrderBy(bucket => bucket.Value)
            .TakeWhile((bucket, i) => bucket.Value <= now || i < capacity / 2)
            .ToList())
        {
            fullAt.Remove(subject);
        }
    }
}
