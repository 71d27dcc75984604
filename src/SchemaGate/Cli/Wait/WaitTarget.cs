using System.Text.Json;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Wait;

/// <summary>What is waited for: a requirement's release, or a workload's rollout.</summary>
internal abstract record WaitTarget
{
    private WaitTarget()
    {
    }

    internal sealed record Release(Requirement Requirement) : WaitTarget
    {
        public override string Path(string ns)
        {
            string query = Requirement.Value is { } value ? $"?requires={Uri.EscapeDataString(value)}" : "";
            return $"/v1/gates/{Uri.EscapeDataString(ns)}/{Uri.EscapeDataString(Requirement.Gate)}/verdict{query}";
        }

        public override bool IsAnsweredBy(JsonElement body, string ns) =>
            body.GetProperty("gate").GetString() == $"{ns}/{Requirement.Gate}"
            && body.GetProperty("requires").GetString() == Requirement.Value;

        public override WaitAnswer Answer(bool released, string reason, string message, bool answered) =>
            new(Requirement.Gate, Requirement.Value, null, released, reason, message, answered);
    }

    /// <param name="Kind">As kubectl names it: <c>statefulset</c>.</param>
    /// <param name="Name">The workload's.</param>
    internal sealed record Rollout(string Kind, string Name) : WaitTarget
    {
        public override string Path(string ns) => $"/v1/rollouts/{Uri.EscapeDataString(ns)}/{Kind}/{Uri.EscapeDataString(Name)}";

        public override bool IsAnsweredBy(JsonElement body, string ns) =>
            body.TryGetProperty("workload", out JsonElement workload) && workload.GetString() == $"{ns}/{Kind}/{Name}";

        public override WaitAnswer Answer(bool released, string reason, string message, bool answered) =>
            new(null, null, $"{Kind}/{Name}", released, reason, message, answered);
    }

    /// <summary>A replica of the operator behind its Service: that it is ready, and answers with the certificate that is trusted.</summary>
    internal sealed record Operator : WaitTarget
    {
        public override string Path(string ns) => "/readyz";

        public override bool IsAnsweredBy(JsonElement body, string ns) => false;

        public override WaitAnswer Answer(bool released, string reason, string message, bool answered) =>
            new(null, null, WaitAnswer.Operator, released, reason, message, answered);
    }

    /// <summary>Where the operator answers about it.</summary>
    public abstract string Path(string ns);

    /// <summary>Whether an answer is about this very question.</summary>
    public abstract bool IsAnsweredBy(JsonElement body, string ns);

    public abstract WaitAnswer Answer(bool released, string reason, string message, bool answered);
}
