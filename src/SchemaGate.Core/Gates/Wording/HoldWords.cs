namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said where a workload's revision is held or refused, by <see cref="HoldReason"/>.</summary>
public static class HoldWords
{
    public static string Of(HoldReason reason) => reason switch
    {
        HoldReason.RequirementInvalid invalid => $"{invalid.Problem}.",
        HoldReason.TemplateUngated => $"the pod template lacks the label {Names.Gated}: \"true\", by which its pods are known.",
        HoldReason.RequirementUnpinned { Gate: var gate } =>
            $"{Names.Requires} names the gate {gate} without a requirement; write {gate}=<image or migration>.",
        HoldReason.GateNotFound { Gate: var gate } =>
            $"There is no SchemaGate {gate} in this namespace (yet). Apply it, or mend the annotation {Names.Requires}.",
        HoldReason.GateUnreadable { Gate: var gate, Problem: var problem } =>
            $"The SchemaGate {gate} cannot be read: {problem}. Apply it again without that, or delete it and create it anew.",
        HoldReason.DatabaseChanged changed => Elsewhere(changed.Requirement),
        HoldReason.AwaitingDecision waiting => NotJudged(waiting.Requirement),
        HoldReason.Closed closed => $"{Prefix(closed.Gate)}{closed.Why.Message}",
        _ => throw new InvalidOperationException($"{reason.GetType().Name} has no words"),
    };

    /// <summary>With this begins what a gate's decision says of a hold, and nothing else.</summary>
    public static string Prefix(string gate) => $"{gate}: ";

    public static string Elsewhere(Requirement requirement) =>
        $"{requirement} was released in another database than the one that the gate names now. It opens when this one has its migrations.";

    public static string NotJudged(Requirement requirement) =>
        $"{requirement} has not been judged yet. `kubectl get schemagate {requirement.Gate}` shows what the gate waits for.";
}
