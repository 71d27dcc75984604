namespace SchemaGate.Tests.Gates.Model;

/// <summary>What people and deploy tools do to a Deployment. Each act is a change of its spec.</summary>
internal static class ModelUser
{
    /// <summary>Null where the act does nothing to the spec, or a tool refuses it.</summary>
    /// <param name="step">The act.</param>
    /// <param name="spec">The Deployment as it is.</param>
    /// <param name="export">An older object.</param>
    /// <param name="undo">To which ReplicaSet an undo goes; null for none.</param>
    /// <param name="wish">What <c>spec.paused</c> is in the person's own manifest.</param>
    public static ModelSpec? Change(ModelStep step, ModelSpec spec, ModelSpec? export, ModelReplicaSet? undo, bool wish) => step.Act switch
    {
        ModelAct.Apply => spec with { Template = step.Number },
        ModelAct.Replace => spec with
        {
            Template = step.Number,
            Paused = wish,
            Annotations = spec.Annotations with { Hold = null, Released = null },
        },
        ModelAct.ApplyStale when export is not null => spec with
        {
            Template = step.Number,
            Annotations = export.Annotations with { PauseAsked = spec.Annotations.PauseAsked },
        },
        ModelAct.ReplaceStale when export is not null => export with { Replicas = spec.Replicas },
        ModelAct.ScaleByApply => spec with { Replicas = step.Number },
        // While SchemaGate pauses it, a person asks for a pause by annotation.
        ModelAct.Pause when spec is { Labelled: true, Annotations.Hold.Paused: not null } =>
            spec with { Annotations = spec.Annotations with { PauseAsked = true } },
        // An old note on a Deployment that nobody keeps is taken for true when it is labelled again: it is told from no other.
        ModelAct.Pause when spec is { Labelled: false, Annotations.Hold: not null } => null,
        ModelAct.Pause => spec with { Paused = true },
        ModelAct.Resume => spec with { Paused = false, Annotations = spec.Annotations with { PauseAsked = false } },
        // kubectl refuses a paused one; else it brings back the annotations of the ReplicaSet, too. That an old wish for a pause is
        // among them, which its owner had taken back since, is seen to by hand.
        ModelAct.Undo when undo is not null && undo.Template != spec.Template => spec.Paused
            ? spec with { Template = undo.Template }
            : spec with { Template = undo.Template, Annotations = undo.Annotations with { PauseAsked = spec.Annotations.PauseAsked } },
        ModelAct.Unlabel => spec with { Labelled = false },
        ModelAct.Label => spec with { Labelled = true },
        ModelAct.Strategy => spec with { Recreate = step.Number > 8, MaxSurge = step.Number % 3, MaxUnavailable = step.Number / 3 % 3 },
        _ => null,
    };
}
