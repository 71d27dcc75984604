namespace SchemaGate.Tests.Gates.Model;

/// <summary>What can happen.</summary>
internal enum ModelAct
{
    /// <summary>One sync of the Deployment controller.</summary>
    Sync,

    /// <summary>The ReplicaSets' controller makes, starts and deletes pods.</summary>
    Pods,

    /// <summary>The leader looks and writes.</summary>
    Look,

    /// <summary>The leader looks, and its writes do not land.</summary>
    LoseLook,

    /// <summary>The leader looks.</summary>
    BeginLook,

    /// <summary>And writes what it found then.</summary>
    FinishLook,
    Wait,

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
    NodeDown,
    NodeUp,

    /// <summary>The template alone, as <c>kubectl apply</c> does.</summary>
    Apply,

    /// <summary>The manifest as a whole: annotations that it lacks are gone.</summary>
    Replace,

    /// <summary>With the annotations of an older object.</summary>
    ApplyStale,

    /// <summary>An older object as a whole, but for its replicas.</summary>
    ReplaceStale,

    /// <summary>What the stale ones are of.</summary>
    Export,

    /// <summary>By the subresource, about which nobody is asked.</summary>
    Scale,
    ScaleByApply,
    Pause,
    Resume,
    Undo,
    DeleteReplicaSet,
    KillPods,
    Unlabel,
    Label,
    Strategy,
}

/// <summary>One thing that happens, with a number that means what it means to that act.</summary>
internal readonly record struct ModelStep(ModelAct Act, int Number)
{
    public override string ToString() => Act switch
    {
        ModelAct.Apply or ModelAct.Replace or ModelAct.ApplyStale => $"{Act} {ModelVersions.Name(Number)}",
        ModelAct.Migrate or ModelAct.Restore or ModelAct.MoveTag or ModelAct.Scale or ModelAct.ScaleByApply or ModelAct.Undo
            or ModelAct.DeleteReplicaSet or ModelAct.KillPods or ModelAct.Strategy => $"{Act} {Number}",
        _ => $"{Act}",
    };
}
