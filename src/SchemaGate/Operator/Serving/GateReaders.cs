using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using k8s.Models;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// Who may be told details of a gate or of a workload: the holder of a bearer token that the API server knows and who may get it. Asking
/// costs the API server two reviews, so answers are remembered for a short time, and what strangers' tokens can cost is bounded; beyond
/// that nobody new is told details. Thread-safe.
/// </summary>
/// <param name="reviews">Asks the API server.</param>
/// <param name="time">Measures ages.</param>
internal sealed class GateReaders(AccessReviews reviews, TimeProvider time) : IDisposable
{
    /// <summary>A token that is withdrawn is still told details for so long; one that is granted the right waits as long.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(20);

    /// <summary>How many callers a second may be asked about, and how many at once after a pause.</summary>
    private const int PerSecond = 10;
    private const int Burst = 50;
    private const int AtATime = 4;
    private const int MostRemembered = 4096;

    /// <summary>No token is longer: a request's headers have 32 KiB together.</summary>
    private const int LongestToken = 16 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (bool May, DateTimeOffset Until)> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slots = new(AtATime);
    private readonly Lock budget = new();
    private DateTimeOffset spentUntil;

    /// <param name="authorization">The header as sent; without a bearer token the answer is no, and nobody is asked.</param>
    /// <param name="type">A gate's, or a workload's.</param>
    /// <param name="key">The gate, or the workload.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> MayGetAsync<T>(
        StringValues authorization, ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class, IMetadata<V1ObjectMeta>
    {
        if (authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            || header[7..].Trim() is not { Length: > 0 and <= LongestToken } token)
        {
            return false;
        }

        // The token itself is kept nowhere.
        string caller = $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))} {type.Plural} {key}";
        if (Recall(caller) is { } known)
        {
            return known;
        }

        if (!await slots.WaitAsync(Patience, cancellation))
        {
            return false;
        }

        try
        {
            // Another request of the same caller may have asked meanwhile.
            return Recall(caller) ?? (TryTake() && await AskAsync(caller, token, Get(type, key), cancellation));
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose() => slots.Dispose();

    private async Task<bool> AskAsync(string caller, string token, V1ResourceAttributes what, CancellationToken cancellation)
    {
        TokenAnswer who = await reviews.WhoAsync(token, audiences: null, cancellation);
        AccessAnswer? answer = who.User is { } user ? await reviews.MayAsync(user, what, cancellation) : null;
        bool may = answer is { Allowed: true };
        if (who.Failure is null && answer?.Failure is null)
        {
            Remember(caller, may);
        }

        return may;
    }

    private static V1ResourceAttributes Get<T>(ResourceType<T> type, ObjectKey key)
        where T : class, IMetadata<V1ObjectMeta>
    {
        return new()
        {
            NamespaceProperty = key.Namespace,
            Verb = "get",
            Group = type.Group,
            Version = type.Version,
            Resource = type.Plural,
            Name = key.Name,
        };
    }

    private bool? Recall(string caller)
        => remembered.TryGetValue(caller, out (bool May, DateTimeOffset Until) entry) && entry.Until > time.GetUtcNow() ? entry.May : null;

    private void Remember(string caller, bool may)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (remembered.Count >= MostRemembered)
        {
            foreach ((string other, (bool May, DateTimeOffset Until) entry) in remembered)
            {
                if (entry.Until <= now)
                {
                    remembered.TryRemove(other, out _);
                }
            }
        }

        if (remembered.Count < MostRemembered)
        {
            remembered[caller] = (may, now + Remembered);
        }
    }

    /// <summary>A token bucket, kept as the moment at which it will be full again.</summary>
    private bool TryTake()
    {
        lock (budget)
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset after = (spentUntil > now ? spentUntil : now) + (TimeSpan.FromSeconds(1) / PerSecond);
            bool may = after - now <= TimeSpan.FromSeconds(1) / PerSecond * Burst;
            spentUntil = may ? after : spentUntil;
            return may;
        }
    }
}
