using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>The rules that a rehearsal's result speaks for. Nothing of the gate opens by one.</summary>
internal static class RehearsalRules
{
    /// <summary>Whether a rehearsal is to tell something, and has not yet.</summary>
    public static bool IsAwaited(Judgement judgement) =>
        judgement.RehearsalObstacle is null && judgement.Rehearsal is null or { IsAwaited: true };

    public static GateReason? Rehearsed(Judgement judgement)
    {
        if (judgement.RehearsalPlan is null)
        {
            return null;
        }

        if (judgement.RehearsalObstacle is { } obstacle)
        {
            return new GateReason.RehearsalUnavailable(judgement.Run, obstacle, null);
        }

        return judgement.Rehearsal switch
        {
            // Who runs nothing rehearses nothing; and what has begun is not rehearsed any more.
            null when judgement.Run is not { } run || RehearsalSteps.IsAtWork(run) => null,
            null or { IsAwaited: true } => new GateReason.Rehearsing(judgement.Run!, judgement.Rehearsal, judgement.Pending!),
            { Result: RehearsalResult.Unavailable } record => new GateReason.RehearsalUnavailable(judgement.Run, null, record),
            { Result: RehearsalResult.Failed, Report.Failure: { } failure } record
                when failure.Migration is null || judgement.Pending!.Contains(failure.Migration, StringComparer.Ordinal) =>
                new GateReason.RehearsalFailed(judgement.Run!, record),
            _ => null,
        };
    }

    /// <summary>
    /// An approval opens nothing of it: it is given for a plan, whose hash says nothing of a report that may have come later.
    /// </summary>
    public static GateReason? StatementsBroken(Judgement judgement)
    {
        PolicyMode policy = judgement.Spec.Policy.Breaks;
        if (policy == PolicyMode.Ignore || judgement.RehearsalPlan is null)
        {
            return null;
        }

        Contract? contract = Contract.Of(judgement);
        bool isAtWork = judgement.Run is { } run && RehearsalSteps.IsAtWork(run);
        if (contract is { Proved.Count: > 0 })
        {
            return new GateReason.StatementsBroken(contract, isAtWork, policy == PolicyMode.Block);
        }

        // While it is awaited, that is the reason.
        if (IsAwaited(judgement))
        {
            return null;
        }

        RehearsalReport? report = judgement.Rehearsal?.Report;
        return report?.Statements is { Unavailable: null }
            ? null
            : new GateReason.StatementsNotProven(
                report?.Statements?.Unavailable ?? report?.Unavailable?.Message, contract, isAtWork, policy == PolicyMode.Block);
    }

    public static GateReason? ContractWaits(Judgement judgement)
    {
        ContractMode policy = judgement.Spec.Policy.Contract;
        if (policy == ContractMode.Ignore || judgement.Run is not { } run || RehearsalSteps.IsAtWork(run)
            || Contract.Of(judgement) is not { IsOver: false } contract)
        {
            return null;
        }

        // What somebody else applies waits for nobody here: it is pending, and they are told.
        bool runs = judgement.Spec.Migrate.Mode == MigrateMode.Job;
        bool closes = policy == ContractMode.Wait && runs;
        return contract.Stuck.Count > 0 && runs
            ? new GateReason.ContractStuck(run, contract, closes)
            : new GateReason.ContractWaits(contract, runs, closes);
    }
}
