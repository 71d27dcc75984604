using Microsoft.Extensions.Logging;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// Tells of each namespace of <c>--watch-namespace</c> when it is closed, because the operator may not see it, or is not there; and when
/// that is over.
/// </summary>
/// <param name="client">Tells whether one is there.</param>
/// <param name="view">Tells which may be seen.</param>
/// <param name="time">Measures the looks.</param>
/// <param name="logger">The process's log.</param>
internal sealed partial class WatchedNamespaces(KubernetesClient client, ClusterView view, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly ResourceType<RawObject> s_type = RawObject.Resource("", "v1", "Namespace", "namespaces", namespaced: false);

    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            await LookAsync(ending);
            await Task.Delay(Interval, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Looks once, and tells what is new.</summary>
    public async Task LookAsync(CancellationToken ending)
    {
        foreach (string ns in view.Namespaces.Distinct(StringComparer.Ordinal))
        {
            string? problem = view.Unserved(ns) ?? await MissingAsync(ns, ending);
            if (problem is not null && problem != told.GetValueOrDefault(ns))
            {
                LogClosed(problem);
                told[ns] = problem;
            }
            else if (problem is null && told.Remove(ns))
            {
                LogServed(ns);
            }
        }
    }

    /// <summary>What is in it is looked after from the moment on in which it is there: nothing needs to be closed.</summary>
    private async Task<string?> MissingAsync(string ns, CancellationToken cancellation)
    {
        try
        {
            return await client.FindAsync(s_type, null, ns, cancellation) is null
                ? $"There is no namespace {ns} (yet), which --watch-namespace names. Create it, or mend the name."
                : null;
        }
        catch (Exception exception) when (exception is KubernetesException or ArgumentException
            || (exception is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // Who may not look does not know; whether it may be listed is told by who lists it.
            return null;
        }
    }

    [LoggerMessage(1400, LogLevel.Warning, "{Problem}")]
    private partial void LogClosed(string problem);

    [LoggerMessage(1401, LogLevel.Information, "namespace {Namespace} is looked after")]
    private partial void LogServed(string @namespace);
}
