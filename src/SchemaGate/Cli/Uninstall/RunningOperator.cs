using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Uninstall;

/// <summary>Whether an operator runs, which would register its webhooks anew and hold again what was lifted.</summary>
internal static class RunningOperator
{
    /// <summary>The leader renews its Lease every two seconds.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private const int Looks = 5;

    /// <summary>Whether it is still there when its time to go is over.</summary>
    public static async Task<bool> StaysAsync(
        KubernetesClient client, string ns, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (await IsThereAsync(client, ns, time, cancellation))
        {
            if (time.GetElapsedTime(start) >= patience)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Seen by the Lease being renewed, not by its times: clocks differ. One that ended regularly has given its Lease back.
    /// </summary>
    /// <returns>False, too, where nobody may tell.</returns>
    private static async Task<bool> IsThereAsync(KubernetesClient client, string ns, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            V1LeaseSpec? first = await ReadAsync();
            for (int look = 0; look < Looks && first is not null; look++)
            {
                await Task.Delay(Look, time, cancellation);
                V1LeaseSpec? now = await ReadAsync();
                if (now is null || now.RenewTime != first.RenewTime)
                {
                    return now is not null;
                }
            }
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.Forbidden)
        {
            // Who may lift holds need not be one who may read Leases.
        }

        return false;

        async Task<V1LeaseSpec?> ReadAsync() =>
            (await client.FindAsync(Kinds.Lease, ns, OperatorObjects.Lease, cancellation))?.Spec is { HolderIdentity.Length: > 0 } spec
                ? spec
                : null;
    }
}
