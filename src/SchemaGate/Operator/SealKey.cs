using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The key that seals records, kept in a Secret of the operator's and followed by every replica. Losing it loses no workload: what runs
/// goes on running, and everything else is judged anew. Thread-safe.
/// </summary>
internal sealed class SealKey
{
    public const string SecretName = "schemagate-record-key";

    private const string Key = "key";
    private const int Length = 32;
    private const int FingerprintLength = 8;

    private volatile Held held;

    public SealKey(byte[] key) => held = new(key, new(key), new(key));

    /// <summary>Seals with the key as it is now.</summary>
    public RecordSeal Seal => held.Seal;

    /// <inheritdoc cref="Seal"/>
    public ClaimSeal Claims => held.Claims;

    /// <summary>Who has opened a gate, for what and until when, which may be over; null where nobody had the right to.</summary>
    public Override? Override(SchemaGateResource gate) =>
        Claims.Override(gate.Metadata.Uid ?? "", gate.Metadata.Annotations.Find(Names.Override));

    /// <summary>Who last made a gate let more through than before; null where nobody did.</summary>
    public Loosened? Loosened(SchemaGateResource gate) =>
        Claims.Loosened(gate.Metadata.Uid ?? "", gate.Metadata.Annotations.Find(Names.Loosened));

    /// <summary>What tells a gate's URL from another one, in a status that many may read: without the key nobody can try URLs.</summary>
    public string Fingerprint(string uid, string url, string? schema) => Convert.ToHexStringLower(
        HMACSHA256.HashData(held.Key, Encoding.UTF8.GetBytes($"url\n{uid}\n{schema}\n{url}")).AsSpan(0, FingerprintLength));

    /// <summary>The stored key, or a new one.</summary>
    /// <exception cref="KubernetesException">InvalidConfiguration: the Secret holds no key.</exception>
    public static async Task<SealKey> EnsureAsync(KubernetesClient client, string ns, CancellationToken cancellation)
    {
        V1Secret secret = await client.FindAsync(Kinds.Secret, ns, SecretName, cancellation)
            ?? await CreateAsync(client, ns, RandomNumberGenerator.GetBytes(Length), cancellation);
        return Read(secret) is { } key ? new(key) : throw new KubernetesException(
            StatusReason.InvalidConfiguration,
                $"the Secret {ns}/{SecretName} holds no key of {Length} bytes; delete it, and it is made anew");
    }

    /// <summary>A key that was replaced is taken over; without one the known key stays, so that all replicas go on agreeing.</summary>
    public void Follow(V1Secret? secret)
    {
        if (Read(secret) is { } key && !key.AsSpan().SequenceEqual(held.Key))
        {
            held = new(key, new(key), new(key));
        }
    }

    /// <summary>The leader's: a key that somebody deleted is put back.</summary>
    public async Task RestoreAsync(KubernetesClient client, string ns, CancellationToken cancellation)
    {
        if (await client.FindAsync(Kinds.Secret, ns, SecretName, cancellation) is null)
        {
            Follow(await CreateAsync(client, ns, held.Key, cancellation));
        }
    }

    private static byte[]? Read(V1Secret? secret) => secret?.Data.Find(Key) is { Length: >= Length } key ? key : null;

    private static async Task<V1Secret> CreateAsync(KubernetesClient client, string ns, byte[] key, CancellationToken cancellation)
    {
        V1Secret made = new()
        {
            Metadata = new() { NamespaceProperty = ns, Name = SecretName },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [Key] = key },
        };
        try
        {
            return await client.CreateAsync(Kinds.Secret, made, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.AlreadyExists)
        {
            // Another replica was first: its key is everyone's.
            return await client.GetAsync(Kinds.Secret, ns, SecretName, cancellation);
        }
    }

    private sealed record Held(byte[] Key, RecordSeal Seal, ClaimSeal Claims);
}
