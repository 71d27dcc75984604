using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary>Writes a gate's status where it has changed, and then tells what is new in it.</summary>
internal sealed class StatusWriter(KubernetesClient client, Announcer announcer)
{
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

        announcer.Run(gate, RunMapping.Record(gate.Status?.Run), decision);
        announcer.Claims(gate, status);
        announcer.Refusals(gate, status);
    }
}
