using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Status;

/// <summary>What a run would do, in one hash, and who allows it.</summary>
/// <param name="Risk">Low, Medium, High or Unknown.</param>
/// <param name="Approval">Approved, Awaited, or NotAsked where it needs none (yet).</param>
/// <param name="By">Who approved it, as the API server says.</param>
internal sealed record PlanStateLine(string Hash, string Risk, string Approval, string? By, DateTimeOffset? At)
{
    public static PlanStateLine? Of(PlanStatus? plan, string? reason) => plan?.Hash is not { } hash ? null : new(
        hash,
        plan.Risk ?? "Unknown",
        plan.Approval is not null ? "Approved" : reason == Reasons.ApprovalRequired ? "Awaited" : "NotAsked",
        plan.Approval?.By,
        plan.Approval?.At);
}
