using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using k8s.Models;
using SchemaGate.Evidence;
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

    private readonly ConcurrentDictionary<string, (CallerAccess Access, DateTimeOffset Until)> remembered = new(StringComparer.Ordinal);
    private readonly BoundedCache<string, (V1UserInfo User, DateTimeOffset Until)> callers = new(MostRemembered);
    private readonly SemaphoreSlim slots = new(AtATime);
    private readonly Lock budget = new();
    private DateTimeOffset spentUntil;

    /// <param name="authorization">The header as sent; without a bearer token the answer is no, and nobody is asked.</param>
    /// <param name="type">A gate's, or a workload's.</param>
    /// <param name="key">The gate, or the workload.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> MayGetAsync<T>(
        StringValues authorization, ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class, IMetadata<V1ObjectMeta> =>
        await AccessAsync(authorization, To("get", type, key.Namespace, key.Name), cancellation) == CallerAccess.Allowed;

    /// <summary>The same of anything that may be asked about, with the difference between who is nobody and who may not.</summary>
    public async Task<CallerAccess> AccessAsync(
        StringValues authorization, V1ResourceAttributes what, CancellationToken cancellation)
    {
        if (authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            || header[7..].Trim() is not { Length: > 0 and <= LongestToken } token)
        {
            return CallerAccess.Nobody;
        }

        // The token itself is kept nowhere.
        string caller = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        string question = $"{caller} {what.Verb} {what.Resource} {what.NamespaceProperty}/{what.Name}";
        if (Recall(question) is { } known)
        {
            return known;
        }

        if (!await slots.WaitAsync(Patience, cancellation))
        {
            return CallerAccess.NotAsked;
        }

        try
        {
            // Another request of the same caller may have asked meanwhile.
            return Recall(question) ?? (TryTake() ? await AskAsync(caller, question, token, what, cancellation) : CallerAccess.NotAsked);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>What is asked about.</summary>
    /// <param name="verb">get or list.</param>
    /// <param name="type">Whose.</param>
    /// <param name="ns">Where; null for everywhere.</param>
    /// <param name="name">Which one; null for all of them.</param>
    public static V1ResourceAttributes To<T>(string verb, ResourceType<T> type, string? ns, string? name)
        where T : class, IMetadata<V1ObjectMeta> => new()
        {
            NamespaceProperty = ns,
            Verb = verb,
            Group = type.Group,
            Version = type.Version,
            Resource = type.Plural,
            Name = name,
        };

    public void Dispose() => slots.Dispose();

    private async Task<CallerAccess> AskAsync(
        string caller, string question, string token, V1ResourceAttributes what, CancellationToken cancellation)
    {
        if (!callers.TryGet(caller, out (V1UserInfo User, DateTimeOffset Until) known) || known.Until <= time.GetUtcNow())
        {
            TokenAnswer who = await reviews.WhoAsync(token, audiences: null, cancellation);
            if (who.User is null)
            {
                return who.Failure is null ? Remember(question, CallerAccess.Nobody, time.GetUtcNow() + Remembered) : CallerAccess.NotAsked;
            }

            known = (who.User, time.GetUtcNow() + Remembered);
            callers.Set(caller, known);
        }

        AccessAnswer answer = await reviews.MayAsync(known.User, what, cancellation);
        CallerAccess access = answer.Allowed ? CallerAccess.Allowed : CallerAccess.Refused;
        return answer.Failure is null ? Remember(question, access, known.Until) : CallerAccess.NotAsked;
    }

    private CallerAccess? Recall(string question) =>
        remembered.TryGetValue(question, out (CallerAccess Access, DateTimeOffset Until) entry) && entry.Until > time.GetUtcNow()
            ? entry.Access
            : null;

    /// <param name="question">Whose, and about what.</param>
    /// <param name="access">The answer.</param>
    /// <param name="end">No answer is remembered longer than who it is about.</param>
    private CallerAccess Remember(string question, CallerAccess access, DateTimeOffset end)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (remembered.Count >= MostRemembered)
        {
            foreach ((string other, (_, DateTimeOffset until)) in remembered)
            {
                if (until <= now)
                {
                    remembered.TryRemove(other, out _);
                }
            }
        }

        if (remembered.Count < MostRemembered)
        {
            remembered[question] = (access, end);
        }

        return access;
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

/// <summary>What the API server says of a caller.</summary>
internal enum CallerAccess
{
    /// <summary>It does not know them, or they have sent no token.</summary>
    Nobody,

    /// <summary>They may not.</summary>
    Refused,

    Allowed,

    /// <summary>It could not be asked, or is asked too much already.</summary>
    NotAsked,
}
