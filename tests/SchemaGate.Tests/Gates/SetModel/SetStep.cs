using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What can happen.</summary>
internal enum SetAct
{
    /// <summary>One sync of the set's controller.</summary>
    Sync,

    /// <summary>Pods start.</summary>
    Pods,

    /// <summary>The leader looks and writes.</summary>
    Look,

    /// <summary>The leader looks, and its writes do not land.</summary>
    LoseLook,

    /// <summary>The leader looks.</summary>
    BeginLook,

    /// <summary>And writes what it found then.</summary>
    FinishLook,

    /// <summary>The leader tells the API server which pods it need not ask about.</summary>
    Register,

    /// <summary>Everything comes to rest.</summary>
    Settle,
    Migrate,
    Restore,

    /// <summary>Another database answers at the gate's URL.</summary>
    SwapDatabase,
    DatabaseOut,
    DatabaseBack,
    RegistryOut,
    RegistryBack,
    MoveTag,
    KillOperator,
    StartOperator,

    /// <summary>Replicas answer, and none leads.</summary>
    LeaderOut,
    LeaderBack,

    /// <summary>Nothing reaches the operator's caches until they catch up.</summary>
    CachesStop,
    CachesCatchUp,

    /// <summary>Nothing reaches the controller's cache until it catches up.</summary>
    ControllerStops,
    ControllerCatchesUp,
    NodeDown,
    NodeUp,

    /// <summary>The template alone, as <c>kubectl apply</c> does.</summary>
    Apply,

    /// <summary>The owner's own partition.</summary>
    Part,

    /// <summary>Template and partition at once.</summary>
    ApplyParted,

    /// <summary>The manifest as a whole: annotations and labels that it lacks are gone.</summary>
    Replace,

    /// <summary>An older object as a whole, but for its replicas.</summary>
    ReplaceStale,

    /// <summary>What the stale one is.</summary>
    Export,

    /// <summary>Back to a revision that runs.</summary>
    GoBack,

    /// <summary>Back to any revision that is kept.</summary>
    Undo,

    /// <summary>By the subresource, or nodes come and go: nobody is asked.</summary>
    Scale,
    ScaleByApply,
    Strategy,

    /// <summary>A pod is deleted.</summary>
    Drain,
    DrainAll,
}

/// <summary>One thing that happens.</summary>
/// <param name="Number">Means what it means to the act.</param>
/// <param name="Template">Of what is applied.</param>
internal readonly record struct SetStep(SetAct Act, int Number, int Template)
{
    public override string ToString() => Act switch
    {
        SetAct.Apply or SetAct.Replace => $"{Act} {ModelVersions.Name(Template)}",
        SetAct.ApplyParted => $"{Act} {ModelVersions.Name(Template)} {Number}",
        SetAct.Restore or SetAct.MoveTag or SetAct.Part or SetAct.GoBack or SetAct.Undo or SetAct.Scale or SetAct.ScaleByApply
            or SetAct.Strategy or SetAct.Drain => $"{Act} {Number}",
        _ => $"{Act}",
    };
}
