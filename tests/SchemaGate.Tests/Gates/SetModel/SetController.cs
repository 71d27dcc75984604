namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What becomes of a pod that a controller asks for.</summary>
internal enum SetBirth
{
    Made,

    /// <summary>It is made, and waits.</summary>
    Held,
    Refused,
}

/// <summary>Whom a controller asks, and who is told.</summary>
/// <param name="Birth">Of a pod of this template at this place.</param>
/// <param name="Status">The status as it is stored; null where it is refused.</param>
/// <param name="Replaced">A pod is deleted to make place for one of this template.</param>
internal sealed record SetHooks(
    Func<int, int, SetBirth> Birth, Func<SetStatus, SetStatus?> Status, Action<SetPod, int> Replaced)
{
    /// <summary>Without SchemaGate.</summary>
    public static SetHooks None { get; } = new((_, _) => SetBirth.Made, status => status, (_, _) => { });
}

/// <summary>A controller of sets, one sync at a time, going by a cache of its own.</summary>
internal abstract class SetController(SetCluster cluster, SetCache cache, SetHooks hooks)
{
    protected SetCluster Cluster => cluster;

    protected SetHooks Hooks => hooks;

    /// <summary>Whether anything was written.</summary>
    protected bool Wrote { get; set; }

    public static SetController Of(SetCluster cluster, SetCache cache, SetHooks hooks) => cluster.Spec.Kind == SetKind.Stateful
        ? new StatefulController(cluster, cache, hooks)
        : new DaemonController(cluster, cache, hooks);

    /// <returns>Whether anything was written.</returns>
    public bool Sync()
    {
        SetView seen = cache.View;
        Wrote = cluster.Revise(seen.Spec);
        SetStatus next = Work(seen);
        // A status that rests on an older object is not written, and then the history is not shortened either.
        if (seen.Version == cluster.Version && hooks.Status(next) is { } stored)
        {
            if (stored != cluster.Status)
            {
                cluster.Write(stored);
                Wrote = true;
            }

            cluster.Truncate(seen.Status.Current, seen.Spec.Template);
        }

        return Wrote;
    }

    /// <returns>What the status is to be.</returns>
    protected abstract SetStatus Work(SetView seen);

    /// <returns>Whether it is made.</returns>
    protected bool Make(int place, int template)
    {
        SetBirth birth = hooks.Birth(place, template);
        if (birth == SetBirth.Refused)
        {
            return false;
        }

        cluster.Pods[place] = new(template, birth == SetBirth.Held);
        return Wrote = true;
    }

    protected void Delete(int place)
    {
        cluster.Pods[place] = null;
        Wrote = true;
    }
}
