using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;

namespace SchemaGate.Operator;

/// <summary>What admission says of a revision that is held: the best words that are on record.</summary>
/// <param name="view">The gates.</param>
internal sealed class HeldWords(ClusterView view)
{
    /// <summary>The API server may cut a longer warning.</summary>
    private const int LongestWarning = 256;

    /// <summary>What the Deployment's condition, and every deploy tool, says of a birth that is refused.</summary>
    public string Refusal(string ns, Workload workload, HoldReason why)
    {
        if (OnRecord(ns, workload, why) is not { } record)
        {
            return new BirthRefusal(why.Reason, why.Message).ToString();
        }

        // A controller may keep these words for as long as the hold lasts.
        string gate = Requirement.Parse(workload.Requires, out _) is [{ Gate: var name }] ? $" {name}" : "s";
        return new BirthRefusal(record.Reason, $"{record.Message} As it is now: `kubectl get schemagate{gate} -n {ns}`.").ToString();
    }

    /// <summary>What is said of something that its gate refuses, rather than holding it.</summary>
    public string Denial(string ns, Workload workload, HoldOutcome.Held held) =>
        $"The gate {held.Gate} refuses what is not released (enforcement Deny). Apply it again when its migrations are applied. "
        + Refusal(ns, workload, held.Why);

    /// <summary>Null where nobody has judged it yet: most often it is let through within a second.</summary>
    public string? Warning(string ns, Workload workload, HoldReason why)
    {
        if (OnRecord(ns, workload, why) is null && why is HoldReason.AwaitingDecision)
        {
            return null;
        }

        string text = Refusal(ns, workload, why);
        return text.Length <= LongestWarning ? text : text[..(LongestWarning - 1)] + "…";
    }

    private (string Reason, string Message)? OnRecord(string ns, Workload workload, HoldReason why)
    {
        if (why is not HoldReason.AwaitingDecision { Requirement: var requirement })
        {
            return null;
        }

        if (workload.Hold is { } hold && hold.Template == workload.Template && hold.Reason != why.Reason)
        {
            return (hold.Reason, hold.Message);
        }

        SchemaGateResource? gate = view.Gate(new(ns, requirement.Gate));
        GateStanding? standing = gate is null ? null : StatusMapping.Standing(gate);
        IReadOnlyList<Workload> asked = gate is null ? [] : [.. AskedMapping.Workloads(gate)];
        return VerdictDecision.Decide(requirement, standing, asked) is VerdictAnswer.OnRecord { Words: var words } answer
            ? (answer.Reason, $"{requirement.Gate}: {words}")
            : null;
    }
}
