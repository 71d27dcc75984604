using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Kubernetes.Watching;

namespace SchemaGate.Cli.Status;

/// <summary>Follows gates through cut connections and restarted servers. Call <see cref="ChangesAsync"/> once.</summary>
internal sealed class GatesWatch
{
    private readonly Channel<GateLine> changes = Channel.CreateUnbounded<GateLine>();
    private readonly GatesQuery query;
    private readonly Informer<SchemaGateResource> informer;
    private volatile string? problem;

    /// <param name="query">Which gates.</param>
    /// <param name="time">Measures the pauses between two tries.</param>
    /// <param name="failed">Told why the cluster does not answer, once for each reason.</param>
    public GatesWatch(GatesQuery query, TimeProvider time, Action<string> failed)
    {
        this.query = query;
        informer = new(query.Client, SchemaGateResource.Resource, new()
        {
            Namespace = query.Namespace,
            LabelSelector = query.Selector,
            // Who may get one gate may watch that one.
            FieldSelector = query.Names is [var only] ? $"metadata.name={only}" : null,
            Time = time,
            Failed = exception => Tell(exception, failed),
        });
        informer.Changed += change =>
        {
            ObjectKey key = ObjectKey.Of(change.Latest);
            if (query.Names.Count == 0 || query.Names.Contains(key.Name, StringComparer.Ordinal))
            {
                changes.Writer.TryWrite(change.New is { } gate ? GateLine.Of(gate) : GateLine.Missing(key));
            }
        };
    }

    /// <summary>Whether all that the cluster has answered at first was taken: before that, that there are no gates is not known.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Why what is shown may be old; null where it is not.</summary>
    public string? Problem => informer.Staleness > TimeSpan.Zero ? problem : null;

    /// <summary>
    /// Each gate as it is now, a missing one, too, where it was named; and then each that has changed, in order, until canceled.
    /// </summary>
    /// <exception cref="Kubernetes.KubernetesException">The cluster cannot be asked in the beginning.</exception>
    public async IAsyncEnumerable<GateLine> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        GatesReport report = await query.ReadAsync(cancellation);
        foreach (GateLine gate in report.Gates)
        {
            yield return gate;
        }

        IsRead = true;
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task running = Task.WhenAll(informer.RunAsync(stopping.Token), MissAsync(report, stopping.Token));
        try
        {
            await foreach (GateLine gate in changes.Reader.ReadAllAsync(cancellation))
            {
                yield return gate;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await running;
        }
    }

    /// <summary>A gate that went between the two lists is in neither's changes.</summary>
    private async Task MissAsync(GatesReport report, CancellationToken cancellation)
    {
        await informer.WaitForSyncAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (GateLine gate in report.Gates.Where(gate => informer.Synced && gate.Reason != Reasons.GateNotFound))
        {
            if (informer.Get(gate.Namespace, gate.Name) is null && informer.FindUnread(gate.Namespace, gate.Name) is null)
            {
                changes.Writer.TryWrite(GateLine.Missing(new(gate.Namespace, gate.Name)));
                if (informer.Get(gate.Namespace, gate.Name) is { } anew)
                {
                    // It came meanwhile, and was perhaps told before it was missed.
                    changes.Writer.TryWrite(GateLine.Of(anew));
                }
            }
        }
    }

    private void Tell(Exception exception, Action<string> failed)
    {
        string words = StyledText.Printable(exception.Message);
        if (words != problem)
        {
            problem = words;
            failed(words);
        }
    }
}
