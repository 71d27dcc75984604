using Microsoft.Extensions.Logging;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>Tells transitions: an event on the object and one line in the log.</summary>
internal sealed class Announcer(EventRecorder events, ILogger<Announcer> logger)
{
    public void Gate(SchemaGateResource gate, Decision decision)
    {
        logger.LogInformation(
            "gate {Namespace}/{Name} is {Verdict}: {Reason}: {Message}",
            gate.Metadata.Namespace, gate.Metadata.Name, decision.Verdict, decision.Reason, decision.Message);
        ObjectReference regarding = ObjectReference.To(SchemaGateResource.Resource, gate);
        events.Record(new(regarding, decision.Verdict == Verdict.Open, "Judge", decision.Reason, decision.Message));
    }

    public void Deployment(Deployment deployment, HoldOutcome outcome, bool paused)
    {
        (string reason, string message) = outcome is HoldOutcome.Held held
            ? ("Held", $"{held.Reason}: {held.Message} A new revision waits; what runs goes on running. To go back: re-apply the previous manifest.")
            : ("Released", paused
                ? "Nothing holds this revision any more. It stays paused, as its owner asked: `kubectl rollout resume` goes on."
                : "Nothing holds this revision any more.");
        logger.LogInformation(
            "deployment {Namespace}/{Name}: {Reason}: {Message}", deployment.Metadata.Namespace, deployment.Metadata.Name, reason, message);
        ObjectReference regarding = ObjectReference.To(Kubernetes.Resources.Deployment.Resource, deployment);
        events.Record(new(regarding, outcome is HoldOutcome.Pass, "Gate", reason, message));
    }
}
