using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Undo;

/// <summary>One Deployment's way back.</summary>
/// <param name="client">The API server.</param>
/// <param name="ns">The Deployment's namespace.</param>
/// <param name="name">The Deployment's name.</param>
/// <param name="asked">A revision's number; null for the default.</param>
internal sealed class Undoing(KubernetesClient client, string ns, string name, long? asked)
{
    /// <summary>Its controller writes to it, too; each time it is read again.</summary>
    private const int Tries = 5;

    /// <summary>Whole: the template is to be written as it is, and no model knows all of it.</summary>
    private static readonly ResourceType<RawObject> ReplicaSets = RawObject.Whole(ReplicaSet.Resource);

    public async Task<UndoReport> RunAsync(bool isRehearsal, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(isRehearsal, cancellation);
            }
            catch (KubernetesException exception) when (exception.Reason == StatusReason.Conflict && attempt < Tries)
            {
                // Changed since it was read: what there is to go back to may have, too.
            }
            catch (KubernetesException exception) when (exception.Reason is StatusReason.Conflict or StatusReason.Forbidden
                or StatusReason.Invalid or StatusReason.NotFound)
            {
                return UndoReport.Refused(ns, name, exception.Message);
            }
        }
    }

    private async Task<UndoReport> TryAsync(bool isRehearsal, CancellationToken cancellation)
    {
        if (await client.FindAsync(Deployment.Resource, ns, name, cancellation) is not { } deployment)
        {
            return UndoReport.Refused(ns, name, $"There is no Deployment {name} in namespace {ns}.");
        }

        List<OwnRevision> revisions = await RevisionsAsync(deployment, cancellation);
        if (OwnRevision.Choose(deployment, revisions, asked) is not { } chosen)
        {
            return UndoReport.Refused(ns, name, Missing(revisions));
        }

        bool isThere = chosen.Set.Template.Hash == deployment.Template.Hash;
        string without = isThere ? "unchanged" : "planned";
        UndoReport report = new(
            ns, name, without, chosen.Set.Revision, chosen.Set.Metadata.Name, chosen.Set.Template.Requires);
        return isThere || isRehearsal ? report : Told(report, await WriteAsync(deployment, chosen, cancellation));
    }

    private async Task<List<OwnRevision>> RevisionsAsync(Deployment deployment, CancellationToken cancellation)
    {
        ResourceList<RawObject> list = await client.ListAllAsync(
            ReplicaSets, ns, new() { LabelSelector = deployment.Selector.ToQuery() }, cancellation);
        return [.. list.Items
            .Where(item => item.Metadata.OwnerReferences.Any(
                owner => owner.Uid == deployment.Metadata.Uid && (owner.Controller ?? false)))
            .Select(item => new OwnRevision(item))];
    }

    private Task<Deployment> WriteAsync(Deployment deployment, OwnRevision chosen, CancellationToken cancellation) => client.PatchAsync(
        Deployment.Resource, ns, name, JsonPatch.Empty
            .Test("/metadata/resourceVersion", deployment.Metadata.ResourceVersion)
            .Replace("/spec/template", chosen.Template()), null, cancellation);

    /// <summary>Admission has the last word: it ends the hold with its pause, or holds what it went back to.</summary>
    private static UndoReport Told(UndoReport report, Deployment written)
    {
        Hold? hold = Hold.FromJson(written.Metadata.Annotations.Find(Names.Hold));
        string? held = hold switch
        {
            null => null,
            _ when TemplateHash.IsOf(hold.Template, written.Template.Hash) => $"{hold.Reason}: {hold.Message}",
            _ => "its hold is as it was, because no admission has answered. Is the operator installed? "
                + "`schemagate uninstall` lifts what it has left behind.",
        };
        return report with { Result = "undone", Paused = written.Paused, Held = held };
    }

    private string Missing(List<OwnRevision> revisions)
    {
        string numbers = string.Join(", ", revisions.Select(revision => revision.Set.Revision).OfType<long>().Order());
        string there = numbers.Length == 0 ? "It has none." : $"It has {numbers}.";
        return asked is null
            ? $"deployment/{name} has no revision to go back to. {there}"
            : $"deployment/{name} has no revision {asked}. {there}";
    }
}
