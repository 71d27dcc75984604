using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Status;

/// <summary>What a run would do, in one hash, and who allows it.</summary>
/// <param name="Risk">Low, Medium, High or Unknown.</param>
/// <param name="Approval">Approved, Awaited, or NotAsked where it needs none (yet).</param>
/// <param name="By">Who approved it, as the API server says.</param>
internal sealed record PlanStateLine(string Hash, string Risk, string Approval, string? By, DateTimeOffset? At)
{
    public static PlanStateLine? Of(PlanStatus? plan, string? reason)
    {
        string approval = (plan, reason) switch
        {
            ({ Approval: not null }, _) => "Approved",
            (_, Reasons.ApprovalRequired) => "Awaited",
            _ => "NotAsked",
        };
        return plan?.Hash is { } hash
            ? new(hash, plan.Risk ?? "Unknown", approval, plan.Approval?.By, plan.Approval?.At)
            : null;
    }
}
