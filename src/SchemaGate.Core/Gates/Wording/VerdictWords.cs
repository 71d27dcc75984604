namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said to who asks whether a requirement is released, by <see cref="VerdictAnswer"/>.</summary>
internal static class VerdictWords
{
    public static string Of(VerdictAnswer answer) => answer switch
    {
        VerdictAnswer.Satisfied { Asked: var asked } => $"{asked} is released.",
        VerdictAnswer.Overridden { Asked: var asked } =>
            $"A person holds the gate open for {asked}: see its condition {GateConditions.Overridden}.",
        VerdictAnswer.NotEnforced { Gate: var gate } => $"The gate {gate} only observes: nobody is kept waiting.",
        VerdictAnswer.GateNotFound { Gate: var gate } =>
            $"There is no SchemaGate {gate} in this namespace (yet). Apply it, or mend the name.",
        VerdictAnswer.RequirementUnpinned { Gate: var gate } =>
            $"The gate {gate} must be asked for an image or a migration: {gate}=<image or migration>.",
        VerdictAnswer.Suspended { Gate: var gate } => $"The gate {gate} is suspended (spec.suspend): it releases nothing that waits.",
        VerdictAnswer.HistoryRegressed { Asked: var asked } =>
            $"{asked} was released, and the history has lost migrations since. It opens when they are applied again.",
        VerdictAnswer.DatabaseChanged { Asked: var asked } => HoldWords.Elsewhere(asked),
        VerdictAnswer.RequirementUnknown { Asked: var asked } =>
            $"Nobody has judged {asked}: no gated workload and no gate's image asks for it. "
            + "Set the gate's spec.changelog.image to it, or mend the requirement.",
        VerdictAnswer.AwaitingDecision { Asked: var asked } => HoldWords.NotJudged(asked),
        VerdictAnswer.OnRecord { Words: var words } => words,
        _ => throw new InvalidOperationException($"{answer.GetType().Name} has no words"),
    };
}
