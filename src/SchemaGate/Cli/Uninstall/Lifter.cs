using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Uninstall;

/// <summary>
/// Takes SchemaGate's traces off the objects of a cluster, page by page. What cannot be written is noted, and the rest goes on.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="time">Measures the pauses.</param>
/// <param name="isRehearsal">Whether nothing is to be written.</param>
internal sealed class Lifter(KubernetesClient client, TimeProvider time, bool isRehearsal)
{
    private const int PageSize = 100;

    /// <summary>A list that is begun again because the server has forgotten its moment; what is lifted is not listed twice.</summary>
    private const int MostBeginnings = 5;

    private const int Tries = 5;

    /// <summary>API servers hear a moment later that a webhook is gone: until then some of them ask it, or refuse.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>All pauses together: a server that fails with everything is not waited for at every object.</summary>
    private TimeSpan patience = TimeSpan.FromSeconds(15);

    private readonly HashSet<(string Kind, ObjectKey Key)> seen = [];

    public List<LiftLine> Lines { get; } = [];

    /// <summary>Whether the server could not be reached, or does not know who asks: then nothing more is tried.</summary>
    public bool IsCutOff { get; private set; }

    /// <param name="namespaces">Null among them stands for all.</param>
    /// <param name="cancellation">Ends it between two requests.</param>
    public async Task RunAsync(IReadOnlyList<string?> namespaces, CancellationToken cancellation)
    {
        bool isUnregistered = await UnregisterAsync(OperatorObjects.MutatingWebhooks, cancellation)
            | await UnregisterAsync(OperatorObjects.ValidatingWebhooks, cancellation);
        if (isUnregistered && !isRehearsal)
        {
            await Task.Delay(Settling, time, cancellation);
        }

        foreach (LiftedKind kind in LiftedKind.All)
        {
            foreach (string? ns in namespaces)
            {
                await ListedAsync(kind.Word, ns, null, [], () => LiftAsync(kind, ns, cancellation));
            }
        }
    }

    /// <summary>First of all: a webhook that nobody answers any more refuses every write of what is held.</summary>
    private async Task<bool> UnregisterAsync(ResourceType<RawObject> type, CancellationToken cancellation)
    {
        bool isFound = false;
        LiftLine line = new(type.Kind.ToLowerInvariant(), null, OperatorObjects.Webhooks, ["registration"]);
        await ListedAsync(line.Kind, null, line.Name, line.Lifted, async () =>
        {
            isFound = await client.FindAsync(type, null, OperatorObjects.Webhooks, cancellation) is not null;
            if (isFound && !isRehearsal)
            {
                await client.DeleteAsync(type, null, OperatorObjects.Webhooks, null, cancellation);
            }

            Lines.AddRange(isFound ? [line] : []);
        });
        return isFound;
    }

    /// <summary>Notes what cannot be had.</summary>
    private async Task ListedAsync(string kind, string? ns, string? name, IReadOnlyList<string> lifted, Func<Task> step)
    {
        if (IsCutOff)
        {
            return;
        }

        try
        {
            await step();
        }
        catch (KubernetesException exception) when (exception.Reason == StatusReason.NotFound)
        {
            // A server without Rollouts has nothing to be lifted off them.
        }
        catch (KubernetesException exception)
        {
            IsCutOff = exception.HttpStatus is null || exception.Reason == StatusReason.Unauthorized;
            Lines.Add(new(kind, ns, name, lifted, exception.Message));
        }
    }

    private async Task LiftAsync(LiftedKind kind, string? ns, CancellationToken cancellation)
    {
        ListOptions options = new() { LabelSelector = kind.Selector, Limit = PageSize };
        for (int beginnings = 1; ;)
        {
            ResourceList<RawObject> page;
            try
            {
                page = await client.PageAsync(kind.Type, ns, options, cancellation);
            }
            catch (KubernetesException exception) when (options.Continue is not null && beginnings < MostBeginnings
                && exception.Reason is StatusReason.Expired or StatusReason.Gone)
            {
                beginnings++;
                options = options with { Continue = null };
                continue;
            }

            foreach (RawObject found in page.Items)
            {
                await LiftAsync(kind, found, cancellation);
            }

            // It is left as it is, and the uninstallation with it: somebody has to look.
            Lines.AddRange(page.Unread.Select(unread => new LiftLine(
                kind.Word, unread.Key.Namespace, unread.Key.Name, [], $"it cannot be read: {unread.Problem}")));
            if (page.Metadata.ContinueProperty is not { Length: > 0 })
            {
                return;
            }

            options = page.Next(options with { Limit = PageSize });
        }
    }

    private async Task LiftAsync(LiftedKind kind, RawObject found, CancellationToken cancellation)
    {
        ObjectKey key = ObjectKey.Of(found);
        if (kind.Find(found) is { } leftover && seen.Add((kind.Word, key)))
        {
            string? problem = leftover.Problem ?? (isRehearsal ? null : await WriteAsync(kind, found, cancellation));
            Lines.Add(new(kind.Word, key.Namespace, key.Name, leftover.Words, problem));
        }
    }

    /// <returns>Why it could not be done; null where it is done, by whomever.</returns>
    private async Task<string?> WriteAsync(LiftedKind kind, RawObject found, CancellationToken cancellation)
    {
        ObjectKey key = ObjectKey.Of(found);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                RawObject? now = attempt == 1 ? found : await client.FindAsync(kind.Type, key.Namespace, key.Name, cancellation);
                Leftover? leftover = now is null ? null : kind.Find(now);
                foreach (JsonPatch patch in leftover?.Patches ?? [])
                {
                    await client.PatchAsync(kind.Type, key.Namespace, key.Name, patch, null, cancellation);
                }

                if (leftover is { Deletes: true })
                {
                    DeleteOptions asRead = new() { ResourceVersion = now!.Metadata.ResourceVersion, GracePeriodSeconds = 0 };
                    await client.DeleteAsync(kind.Type, key.Namespace, key.Name, asRead, cancellation);
                }

                return null;
            }
            catch (KubernetesException exception) when (exception.Reason == StatusReason.NotFound)
            {
                return null;
            }
            catch (KubernetesException exception) when (attempt < Tries && MayPass(exception))
            {
                await WaitAsync(exception, cancellation);
            }
            catch (KubernetesException exception)
            {
                return exception.Message;
            }
        }
    }

    private bool MayPass(KubernetesException exception) =>
        exception.Reason == StatusReason.Conflict || (exception.Retryable && patience > TimeSpan.Zero);

    /// <summary>What has changed since it was read is read again at once.</summary>
    private async Task WaitAsync(KubernetesException exception, CancellationToken cancellation)
    {
        if (exception.Reason != StatusReason.Conflict)
        {
            patience -= Pause;
            await Task.Delay(Pause, time, cancellation);
        }
    }
}
