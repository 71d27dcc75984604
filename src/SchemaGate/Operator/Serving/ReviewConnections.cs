using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// Which reviews leave their connection open. The API server keeps idle ones, also such as lead to a lost node or to a process that hangs, and
/// each of those fails a review; a new one leads to a replica that is ready. But a handshake takes longer than a review: so those of a burst
/// share connections for a second. Thread-safe.
/// </summary>
internal sealed class ReviewConnections(TimeProvider time)
{
    /// <summary>As many reviews within <see cref="Second"/> are a burst: a tool that writes one thing after the other, not people.</summary>
    public const int Burst = 50;

    /// <summary>What a connection lives, at most; and how long one may idle, as long as the process is there to close it.</summary>
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly object s_key = new();
    private readonly Lock gate = new();
    private readonly Queue<long> reviews = new(Burst);

    public void Opened(ConnectionContext connection) => connection.Items[s_key] = time.GetTimestamp();

    /// <summary>Counts a review, and tells whether its connection stays open after it.</summary>
    public bool Stays(HttpContext review)
    {
        bool burst = IsBurst();
        return burst && review.Features.GetRequiredFeature<IConnectionItemsFeature>().Items[s_key] is long opened
            && time.GetElapsedTime(opened) < Second;
    }

    private bool IsBurst()
    {
        lock (gate)
        {
            reviews.Enqueue(time.GetTimestamp());
            return reviews.Count > Burst && time.GetElapsedTime(reviews.Dequeue()) < Second;
        }
    }
}
