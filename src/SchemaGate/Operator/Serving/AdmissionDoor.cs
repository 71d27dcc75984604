using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// At which paths reviews are answered: those that the operator's Secret names, and those that the API server is registered with, which
/// it may still ask at for a moment after. Any pod reaches the port; nobody else knows the paths. Thread-safe.
/// </summary>
/// <param name="time">Measures that moment.</param>
internal sealed class AdmissionDoor(TimeProvider time)
{
    private readonly Lock following = new();
    private volatile IReadOnlyList<byte[]> known = [];
    private volatile IReadOnlyList<Registered> registered = [];

    /// <summary>A Secret that was deleted or emptied takes nothing away: what it held is registered still.</summary>
    public void Follow(V1Secret? secret)
    {
        IReadOnlyList<AdmissionPath> paths = CertificateSet.Read(secret).Paths.Known;
        known = paths.Count > 0 ? [.. paths.Select(path => Encoding.ASCII.GetBytes(path.Secret))] : known;
    }

    /// <param name="configurations">As the API server has them; null for one that is not there.</param>
    public void Follow(IReadOnlyList<RawObject?> configurations)
    {
        lock (following)
        {
            DateTimeOffset now = time.GetUtcNow();
            List<Registered> current = [.. WebhookRegistration.Secrets(configurations)
                .Where(secret => secret.Length == 0 || AdmissionPaths.IsSecret(secret))
                .Select(secret => new Registered(secret, DateTimeOffset.MaxValue))];
            IEnumerable<Registered> earlier = registered
                .Where(path => path.Until > now && !current.Exists(other => other.Secret == path.Secret))
                .Select(path => path with { Until = Earlier(path.Until, now + CertificatePlan.Propagation) });
            registered = [.. current, .. earlier];
        }
    }

    /// <param name="secret">As a caller has sent it; empty for a path without, as versions before this one have registered it.</param>
    public bool Opens(string secret)
    {
        byte[] sent = Encoding.UTF8.GetBytes(secret);
        bool opens = false;
        foreach (byte[] path in known)
        {
            opens |= CryptographicOperations.FixedTimeEquals(path, sent);
        }

        DateTimeOffset now = time.GetUtcNow();
        foreach (Registered path in registered)
        {
            opens |= path.Until > now & CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(path.Secret), sent);
        }

        return opens;
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private sealed record Registered(string Secret, DateTimeOffset Until);
}
