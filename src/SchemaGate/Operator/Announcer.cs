using System.Globalization;
using Microsoft.Extensions.Logging;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Tells transitions: an event on the object and one line in the log. An event that cannot be written stops nothing.</summary>
internal sealed class Announcer(KubernetesClient client, ILogger<Announcer> logger, TimeProvider time)
{
    private const int LongestNote = 1024;

    public Task GateAsync(SchemaGateResource gate, Decision decision, CancellationToken cancellation)
    {
        logger.LogInformation(
            "gate {Namespace}/{Name} is {Verdict}: {Reason}: {Message}",
            gate.Metadata.Namespace, gate.Metadata.Name, decision.Verdict, decision.Reason, decision.Message);
        ObjectReference regarding = new() { ApiVersion = SchemaGateResource.Resource.ApiVersion, Kind = SchemaGateResource.Resource.Kind };
        return WriteAsync(regarding, gate.Metadata, "Judge", decision.Reason, decision.Message, decision.Verdict == Verdict.Open, cancellation);
    }

    public Task DeploymentAsync(Deployment deployment, HoldOutcome outcome, bool paused, CancellationToken cancellation)
    {
        (string reason, string message) = outcome is HoldOutcome.Held held
            ? ("Held", $"{held.Reason}: {held.Message} A new revision waits; what runs goes on running. To go back: re-apply the previous manifest.")
            : ("Released", paused
                ? "Nothing holds this revision any more. It stays paused, as its owner asked: `kubectl rollout resume` goes on."
                : "Nothing holds this revision any more.");
        logger.LogInformation(
            "deployment {Namespace}/{Name}: {Reason}: {Message}", deployment.Metadata.Namespace, deployment.Metadata.Name, reason, message);
        ObjectReference regarding = new() { ApiVersion = Deployment.Resource.ApiVersion, Kind = Deployment.Resource.Kind };
        return WriteAsync(regarding, deployment.Metadata, "Gate", reason, message, outcome is HoldOutcome.Pass, cancellation);
    }

    private async Task WriteAsync(
        ObjectReference regarding, ObjectMeta metadata, string action, string reason, string note, bool normal, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        KubernetesEvent announced = new()
        {
            Metadata = new() { Namespace = metadata.Namespace, Name = string.Create(CultureInfo.InvariantCulture, $"{metadata.Name}.{now.UtcTicks:x}") },
            EventTime = now,
            ReportingController = "schemagate.dev/operator",
            ReportingInstance = Environment.MachineName,
            Action = action,
            Reason = reason,
            Regarding = regarding with { Namespace = metadata.Namespace, Name = metadata.Name, Uid = metadata.Uid, ResourceVersion = metadata.ResourceVersion },
            Note = note.Length <= LongestNote ? note : note[..(LongestNote - 1)] + "…",
            Type = normal ? "Normal" : "Warning",
        };
        try
        {
            await client.CreateAsync(KubernetesEvent.Resource, announced, cancellation);
        }
        catch (KubernetesException exception)
        {
            logger.LogWarning("an event could not be written: {Message}", exception.Message);
        }
    }
}
