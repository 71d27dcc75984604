using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>The pods' webhook, as PodAdmission has it, and which pods the API server makes with nobody there to ask.</summary>
/// <param name="cluster">What the API server has.</param>
/// <param name="cache">What the operator's caches have.</param>
/// <param name="judge">Decides.</param>
/// <param name="admission">Whether a replica answers.</param>
internal sealed class SetPodAdmission(SetCluster cluster, SetCache cache, ModelJudge judge, SetAdmission admission)
{
    /// <summary>The revisions whose pods' webhook has failurePolicy Ignore, as last registered.</summary>
    private IReadOnlyList<int> unasked = [];

    /// <summary>As PodSetView.Unasked, and Housekeeping with it.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Register()
    {
        IReadOnlyList<int> wanted = Unasked();
        if (wanted.SequenceEqual(unasked))
        {
            return false;
        }

        unasked = wanted;
        return true;
    }

    public bool IsUnasked(int template) => unasked.Contains(template);

    public SetBirth Ask(int template)
    {
        if (!admission.IsAlive)
        {
            return IsUnasked(template) ? SetBirth.Made : SetBirth.Refused;
        }

        SetView view = cache.View;
        Workload pod = SetReader.Of(template, SetReader.Record(view, view.Find(template) ?? cluster.Find(template)));
        return pod.WasLetThrough || judge.Judge(pod, template, () => SetReader.Live(cluster)).Outcome is HoldOutcome.Pass
            ? SetBirth.Made
            : SetBirth.Held;
    }

    private IReadOnlyList<int> Unasked()
    {
        SetView view = cache.View;
        SetProgress progress = view.Status.Progress;
        return [.. view.Revisions
            .Where(revision => progress.Names(ModelVersions.Name(revision.Template)) || revision.Template == view.Spec.Template)
            .Where(revision => Passes(view, revision)).Select(revision => revision.Template).Order()];
    }

    private bool Passes(SetView view, SetRevision revision)
    {
        Workload workload = SetReader.Of(revision.Template, SetReader.Record(view, revision)) with { Hold = view.Spec.Hold };
        return workload.WasLetThrough || judge.Decide(workload, []) is HoldOutcome.Pass;
    }
}
