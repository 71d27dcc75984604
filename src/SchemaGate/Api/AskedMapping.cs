using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>
/// What was refused is judged all the same: admission writes down what was required (<c>status.asked</c>, newest first), the leader judges
/// it, and who asks again is let through, or told why not.
/// </summary>
internal static class AskedMapping
{
    private const int Most = 20;

    /// <summary>Who has given up asks no more.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public static IEnumerable<Requirement> Requirements(SchemaGateResource gate) => All(gate)
        .Select(asked => new Requirement(gate.Metadata.Name!, asked.Requires)).Distinct();

    /// <summary>Whether one was asked that was not before; what became of it does not matter.</summary>
    public static bool IsNew(SchemaGateResource? before, SchemaGateResource? now) =>
        now is not null && All(now).Select(Question).Except(before is null ? [] : All(before).Select(Question)).Any();

    /// <returns>The list with one question more, in place of the same asker's earlier one.</returns>
    public static IReadOnlyList<AskedStatus> With(SchemaGateResource gate, string requires, string by, DateTimeOffset now) =>
        [new() { Requires = requires, By = by, At = now.UtcDateTime }, .. All(gate).Where(asked => asked.By != by).Take(Most - 1)];

    /// <summary>Whether what was asked then was judged, and there is a reason why it is not released.</summary>
    public static bool IsAnswered(SchemaGateResource gate, string by, DateTimeOffset at) =>
        All(gate).FirstOrDefault(asked => asked.By == by) is { Reason: not null } asked && asked.At.ToOffset() >= at;

    /// <returns>The questions that are still open, with what was decided about each; null where none is.</returns>
    public static IReadOnlyList<AskedStatus>? Judged(
        SchemaGateResource gate, Func<Requirement, RequirementOutcome?> outcome, DateTimeOffset now)
    {
        List<AskedStatus> open = [.. from asked in All(gate)
            where now - asked.At.ToOffset() < Lifetime
            let judged = outcome(new(gate.Metadata.Name!, asked.Requires))
            where judged is not RequirementOutcome.Satisfied
            select judged is RequirementOutcome.Closed closed ? asked with { Reason = closed.Reason, Message = closed.Message } : asked];
        return open.Count == 0 ? null : open;
    }

    /// <summary>As workloads that are held: what is on record about them tells who asks why.</summary>
    public static IEnumerable<Workload> Workloads(SchemaGateResource gate) => All(gate).Select(asked => new Workload(
        Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, Template: "", $"{gate.Metadata.Name}={asked.Requires}",
        asked is { Reason: { } reason, Message: { } message }
            ? new(Paused: null, Template: "", asked.At.ToOffset()!.Value, reason, HoldWords.Prefix(gate.Metadata.Name!) + message)
            : null,
        Record: null));

    public static JsonNode ToJson(IReadOnlyList<AskedStatus> asked) =>
        JsonSerializer.SerializeToNode(asked, ApiJson.Default.IReadOnlyListAskedStatus)!;

    private static IEnumerable<AskedStatus> All(SchemaGateResource gate) => (gate.Status?.Asked ?? [])
        .Where(asked => asked is { Requires: not null, By: not null, At: not null });

    private static (string?, string?, DateTime?) Question(AskedStatus asked) => (asked.Requires, asked.By, asked.At);
}
