using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Observing;

/// <summary>
/// What is told of one gate: what its status says. Whoever may write a status could write any words into it, so what is no verdict, reason
/// or condition of SchemaGate's is told as Unknown or Other.
/// </summary>
internal static class GateSeries
{
    private const string Other = "Other";

    /// <summary>Conditions that an open gate has, too, or that only repeat the verdict, by their types and status.</summary>
    private static readonly HashSet<(string Type, string Status)> s_unremarkable =
    [
        .. GateConditions.Witnesses.Select(type => (type, "True")),
        (GateConditions.Ready, "True"), (GateConditions.Reconciling, "False"), (GateConditions.Stalled, "False"),
        (GateConditions.Notified, "True"),
    ];

    private static readonly HashSet<string> s_conditions = new(
        [
            .. GateConditions.Witnesses, GateConditions.Ready, GateConditions.Reconciling, GateConditions.Stalled,
            GateConditions.Overridden, GateConditions.WriteRefused, GateConditions.Notified,
        ],
        StringComparer.Ordinal);

    public static Verdict VerdictOf(SchemaGateResource gate) =>
        Enum.TryParse(gate.Status?.Verdict, out Verdict verdict) && Enum.IsDefined(verdict) ? verdict : Verdict.Unknown;

    /// <summary>A gate that nobody has judged yet has the reason AwaitingDecision.</summary>
    public static string ReasonOf(SchemaGateResource gate) => Known(gate.Status?.Reason ?? Reasons.AwaitingDecision);

    /// <param name="found">What it is added to.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="now">The time.</param>
    public static void AddTo(Observation found, SchemaGateResource gate, DateTimeOffset now)
    {
        KeyValuePair<string, object?> ns = Labels.Namespace.Of(gate.Metadata.NamespaceProperty);
        KeyValuePair<string, object?> name = Labels.Gate.Of(gate.Metadata.Name);
        string reason = ReasonOf(gate);
        found.Add(
            Metrics.GateVerdict, 1, ns, name, Labels.Verdict.Of(VerdictOf(gate).ToString()), Labels.Reason.Of(reason),
            Labels.Opener.Of(Openers.Rows.GetValueOrDefault(reason).ToString().ToLowerInvariant()));
        if (gate.Status is not { } status)
        {
            return;
        }

        if (Condition(status, GateConditions.Ready) is { } ready)
        {
            Time(Metrics.GateVerdictTimestamp, ready.LastTransitionTime.ToOffset());
        }

        foreach (V1Condition condition in Remarkable(status))
        {
            found.Add(
                Metrics.GateCondition, 1, ns, name, Labels.Condition.Of(condition.Type), Labels.Status.Of(condition.Status),
                Labels.Reason.Of(Known(condition.Reason)));
        }

        if (status.Migrations is { Required: { } required, Applied: { } applied } migrations)
        {
            found.Add(Metrics.GateMigrations, applied, ns, name, Labels.State.Of("applied"));
            found.Add(Metrics.GateMigrations, Math.Max(0, required - applied), ns, name, Labels.State.Of("pending"));
            found.Add(Metrics.GateMigrations, migrations.Failed?.Count ?? 0, ns, name, Labels.State.Of("failed"));
        }

        if (status.Run is { Result: null, StartedAt: { } started })
        {
            Time(Metrics.GateRunTimestamp, started.ToOffset());
        }

        if (status.Override is { Until: { } until } && until.ToOffset() > now)
        {
            Time(Metrics.GateOverrideTimestamp, until.ToOffset());
        }

        void Time(Metric metric, DateTimeOffset? at)
        {
            if (at is { } known)
            {
                found.Add(metric, known.ToUnixTimeSeconds(), ns, name);
            }
        }
    }

    private static IEnumerable<V1Condition> Remarkable(SchemaGateStatus status) => (status.Conditions ?? [])
        .Where(condition => s_conditions.Contains(condition.Type) && condition.Status is "True" or "False" or "Unknown"
            && !s_unremarkable.Contains((condition.Type, condition.Status)))
        .DistinctBy(condition => condition.Type, StringComparer.Ordinal);

    private static V1Condition? Condition(SchemaGateStatus status, string type) =>
        status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static string Known(string? reason) => reason is not null && ReasonGuide.All.ContainsKey(reason) ? reason : Other;
}
