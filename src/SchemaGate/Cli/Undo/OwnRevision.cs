using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Undo;

/// <summary>A revision of a Deployment that was born: its ReplicaSet, and the template that it keeps.</summary>
internal sealed class OwnRevision(RawObject raw)
{
    public ReplicaSet Set { get; } = ReplicaSet.Resource.Read(raw.Content);

    /// <summary>As its Deployment had it: without the label that the Deployment controller adds.</summary>
    public JsonObject Template()
    {
        JsonObject template = JsonNode.Parse(raw.Content.Member("spec").Member("template").GetRawText())!.AsObject();
        template["metadata"]?["labels"]?.AsObject().Remove("pod-template-hash");
        return template;
    }

    /// <summary>
    /// The revision to go back to. Unless one is asked for, that is what runs while the Deployment's own template does not, and the one
    /// before where it does: whatever is held, or was never born, is what one goes back from.
    /// </summary>
    /// <param name="deployment">As it is now.</param>
    /// <param name="revisions">Its revisions, in any order.</param>
    /// <param name="asked">The number of one; null for the default.</param>
    /// <returns>Null where there is none.</returns>
    public static OwnRevision? Choose(Deployment deployment, IReadOnlyList<OwnRevision> revisions, long? asked)
    {
        if (asked is not null)
        {
            return revisions.FirstOrDefault(revision => revision.Set.Revision == asked);
        }

        ILookup<bool, OwnRevision> byTemplate = revisions.Where(revision => revision.Set.Revision is not null)
            .ToLookup(revision => revision.Set.Template.Hash == deployment.Template.Hash);
        bool isCurrentRunning = byTemplate[true].Any(revision => revision.Set.Runs);
        return byTemplate[false].OrderByDescending(revision => !isCurrentRunning && revision.Set.Runs)
            .ThenByDescending(revision => revision.Set.Revision).FirstOrDefault();
    }
}
