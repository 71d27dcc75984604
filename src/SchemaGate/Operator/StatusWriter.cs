using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary>Writes a gate's status where it has changed, and then tells what is new in it.</summary>
internal sealed class StatusWriter(KubernetesClient client, Announcer announcer)
{
    /// <summary>
    /// A database that is named only now is unread from this moment on, and not when it has been tried: by then a revision might pass on
    /// a release of the old one.
    /// </summary>
    /// <returns>The gate as it is stored then.</returns>
    public async Task<SchemaGateResource> ForgetAsync(SchemaGateResource gate, string? fingerprint, CancellationToken cancellation)
    {
        DatabaseStatus? remembered = StatusMapping.Remembered(gate, fingerprint);
        return gate.Status is not { } status || remembered == status.Database
            ? gate
            : await client.ReplaceAsync(
                SchemaGateResource.Resource, gate with { Status = status with { Database = remembered } }, "status", cancellation);
    }

    public async Task WriteAsync(
        SchemaGateResource gate, SchemaGateStatus status, Decision decision, CancellationToken cancellation)
    {
        if (StatusMapping.Same(status, gate.Status))
        {
            return;
        }

        await client.ReplaceAsync(SchemaGateResource.Resource, gate with { Status = status }, "status", cancellation);
        if (gate.Status?.Reason != decision.Reason || gate.Status?.Verdict != decision.Verdict.ToString())
        {
            announcer.Gate(gate, decision);
        }

        announcer.Refused(gate, decision);
        announcer.Notified(gate, decision);
        announcer.Run(gate, RunMapping.Record(gate.Status?.Run), decision);
        announcer.Rehearsal(gate, RehearsalMapping.Record(gate.Status?.Rehearsal), decision);
        announcer.Claims(gate, status);
        announcer.Refusals(gate, status);
        Announcer.Releases(gate, status);
    }
}
