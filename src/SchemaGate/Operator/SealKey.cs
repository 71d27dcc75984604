using System.Security.Cryptography;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The key that seals records, kept in a Secret of the operator's. Losing it loses no workload: what runs goes on running, and
/// everything else is judged anew.
/// </summary>
internal static class SealKey
{
    private const string SecretName = "schemagate-record-key";
    private const string Key = "key";
    private const int Length = 32;

    public static async Task<RecordSeal> EnsureAsync(KubernetesClient client, string ns, CancellationToken cancellation)
    {
        Secret secret = await client.FindAsync(Secret.Resource, ns, SecretName, cancellation) ?? await CreateAsync(client, ns, cancellation);
        return secret.Data.GetValueOrDefault(Key) is { Length: >= Length } key ? new(key) : throw new KubernetesException(
            StatusReason.InvalidConfiguration, $"the Secret {ns}/{SecretName} holds no key of {Length} bytes; delete it, and it is made anew");
    }

    private static async Task<Secret> CreateAsync(KubernetesClient client, string ns, CancellationToken cancellation)
    {
        Secret made = new()
        {
            Metadata = new() { Namespace = ns, Name = SecretName },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [Key] = RandomNumberGenerator.GetBytes(Length) },
        };
        try
        {
            return await client.CreateAsync(Secret.Resource, made, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.AlreadyExists)
        {
            // Another replica was first: its key is everyone's.
            return await client.GetAsync(Secret.Resource, ns, SecretName, cancellation);
        }
    }
}
