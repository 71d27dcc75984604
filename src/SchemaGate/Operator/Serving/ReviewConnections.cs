using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// When a review's connection ends. The API server keeps idle ones for a minute and a half and sends no review a second time, so each that
/// leads to a lost node or to a process that hangs fails a write, and so does one that is closed while a review is on its way. So a
/// connection ends with its answer, and a new one leads to a replica that is ready. But a handshake takes longer than a review: in a burst,
/// where a few connections are little against what is on its way anyhow, they stay for a second. Thread-safe.
/// </summary>
internal sealed class ReviewConnections(TimeProvider time)
{
    /// <summary>As many reviews within <see cref="Second"/> are a burst: a tool's, not people's.</summary>
    public const int Burst = 50;

    /// <summary>What a connection lives; and how long it may idle, as long as the process is there to close it.</summary>
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly object s_key = new();
    private readonly Lock gate = new();
    private readonly Queue<long> reviews = new(Burst);

    /// <summary>Counts a review, and has its connection closed in time.</summary>
    public void Limit(HttpContext review)
    {
        if (IsBurst() && KeptOf(review) is { } kept && time.GetElapsedTime(kept.Since) < Second)
        {
            kept.Idle.Change(Second, Timeout.InfiniteTimeSpan);
        }
        else
        {
            review.Response.Headers.Connection = "close";
        }
    }

    private bool IsBurst()
    {
        lock (gate)
        {
            reviews.Enqueue(time.GetTimestamp());
            return reviews.Count > Burst && time.GetElapsedTime(reviews.Dequeue()) < Second;
        }
    }

    private Kept KeptOf(HttpContext review)
    {
        IDictionary<object, object?> items = review.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        if (!items.TryGetValue(s_key, out object? kept))
        {
            var connection = review.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>();
            ITimer idle = time.CreateTimer(_ => connection.RequestClose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            items[s_key] = kept = new Kept(time.GetTimestamp(), idle);
        }

        return (Kept)kept!;
    }

    private sealed record Kept(long Since, ITimer Idle);
}
