using System.Diagnostics.Metrics;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Leadership;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator.Serving;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Observing;

/// <summary>What is so of this process, read when somebody asks.</summary>
internal static class ReplicaGauges
{
    /// <param name="view">The caches.</param>
    /// <param name="election">Whether it leads.</param>
    /// <param name="ready">Whether it can answer.</param>
    /// <param name="certificate">What it is served with.</param>
    /// <param name="budget">The memory of readings.</param>
    /// <param name="queue">The gates to look at; null while another leads.</param>
    /// <returns>To be disposed of at the end.</returns>
    public static GaugeMeter Begin(
        ClusterView view, LeaderElection election, Readiness ready, ServedCertificate certificate, ReadingBudget budget,
        Func<WorkQueue<ObjectKey>?> queue) => new GaugeMeter()
        .With(Metrics.Leader, () => election.Leading ? 1 : 0)
        .With(Metrics.Ready, () => ready.Is ? 1 : 0)
        .With(Metrics.BuildInfo, () => [new(1, Labels.Version.Of(ProductVersion.Text))])
        .With(Metrics.CertificateTimestamp, () => certificate.Current is { } current
            ? new DateTimeOffset(current.NotAfter).ToUnixTimeSeconds()
            : null)
        .With(Metrics.ApiServerSilence, () => election.Silence.TotalSeconds)
        .With(Metrics.InformerStaleness, () => view.Health.Select(one => Of(one, one.Staleness.TotalSeconds)))
        .With(Metrics.InformerObjects, () => view.Health.Select(one => Of(one, one.Objects)))
        .With(Metrics.InformerRestarts, () => view.Health.Select(one => Of(one, one.Restarts)))
        .With(Metrics.BudgetUsage, () => budget.Total - budget.Free)
        .With(Metrics.BudgetLimit, () => budget.Total)
        .With(Metrics.BudgetWaiting, () => budget.Waiting)
        .With(Metrics.QueueLength, () => queue()?.Waiting)
        .With(Metrics.QueueAge, () => queue()?.Age.TotalSeconds)
        .Begin();

    private static Measurement<double> Of(InformerHealth informer, double value) =>
        new(value, Labels.Resource.Of(informer.Resource));
}
