using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

/// <summary>A workload with one new template, t1, and the gates that it may name.</summary>
internal static class GivenWorkload
{
    public static Workload New { get; } = new(
        Gated: true, TemplateGated: true, Paused: false, PauseAsked: false, "t1", $"shop={Given.Reference}", Hold: null, Record: null);

    public static GateView Shop { get; } = new("shop", Given.Identity.ToString(), Enforcement.Hold, Suspend: false, PolicyMode.Block);

    public static GateView Billing { get; } = Shop with { Name = "billing" };

    public static Release BillingRelease { get; } = Given.Release("x:1", through: Given.M(1)) with { Gate = "billing" };

    public static Func<string, GateView?> Known(params GateView[] gates) => name => gates.FirstOrDefault(gate => gate.Name == name);

    public static RevisionRecord Record(
        string requirement = Given.Reference, string? identity = null, string template = "t1", string? through = null) =>
        new(template, [Given.Release(requirement, through: through, identity: identity)]);

    public static Hold Noted(bool? paused = false, string template = "t1") =>
        new(paused, template, Given.Now.AddHours(-1), Reasons.MigrationsPending, "shop: 1 of 2 migrations is not applied.");

    /// <summary>The workload after a pause was written to it.</summary>
    public static Workload Written(this Workload workload, Pause pause) => workload with
    {
        Paused = pause.Paused,
        Partition = pause.Partition,
        HistoryLimit = pause.HistoryLimit,
        Hold = pause.Hold,
    };
}
