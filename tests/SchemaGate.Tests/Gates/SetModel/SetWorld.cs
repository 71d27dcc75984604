using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>
/// One StatefulSet or DaemonSet with SchemaGate, and beside it a twin to which the same happens without. What is promised is asked for
/// wherever pods are made, replaced and started (<see cref="SetPromises"/>), after each step, and whenever everything has come to rest.
/// </summary>
internal sealed partial class SetWorld
{
    private const int MostRounds = 120;

    private readonly SetCluster cluster;
    private readonly SetCluster twin;
    private readonly SetCache cache;
    private readonly SetCache controllerCache;
    private readonly SetCache twinCache;
    private readonly SetController controller;
    private readonly SetController twinController;
    private readonly ModelDatabase database = new();
    private readonly ModelGate gate = new();
    private readonly ModelHistory history;
    private readonly SetAdmission admission;
    private readonly SetPodAdmission pods;
    private readonly SetOperator leader;
    private readonly SetPromises promises;
    private readonly List<string>? trace;
    private (SetSpec Spec, int? Partition)? export;

    public SetWorld(SetSchedule schedule, List<string>? trace = null)
    {
        this.trace = trace;
        twin = new(schedule.Spec, schedule.Kept);
        cluster = new(schedule.Spec, schedule.Kept);
        database.Applied = schedule.Applied;
        gate.Image = schedule.Spec.Template;
        history = new(database, gate);
        cache = new(cluster);
        controllerCache = new(cluster);
        twinCache = new(twin);
        ModelJudge judge = new(database, gate);
        admission = new(cluster, judge, gate);
        pods = new(cluster, cache, judge, admission);
        leader = new(cluster, cache, database, gate, admission, pods);
        admission.Wait = () => leader.Reconcile();
        promises = new(cluster, controllerCache, twin, history, admission, pods, new(schedule.Spec.Template, schedule.Spec.Partition));
        controller = SetController.Of(cluster, controllerCache, new(promises.Ask, admission.Write, promises.Replaced));
        twinController = SetController.Of(twin, twinCache, SetHooks.None);
        Begin(schedule);
    }

    private void Begin(SetSchedule schedule)
    {
        history.Apply(schedule.Spec.Template);
        if (!schedule.IsAdopted || schedule.Spec.Replicas == 0)
        {
            promises.Created(schedule.Spec.Template);
        }

        if (!schedule.IsAdopted)
        {
            cluster.Write(admission.Created(schedule.Spec));
            return;
        }

        history.Adopt(schedule.Spec.Template);
        SetController before = SetController.Of(cluster, controllerCache, SetHooks.None);
        while (before.Sync() | twinController.Sync() | Pods())
        {
        }
    }

    public void Run(IReadOnlyList<SetStep> steps)
    {
        foreach (SetStep step in steps)
        {
            cluster.Now += TimeSpan.FromSeconds(1);
            Do(step);
            trace?.Add($"{step,-16} {cluster} | twin {twin.Running}");
            promises.AskFields();
        }

        End();
    }

    private void Do(SetStep step)
    {
        switch (step.Act)
        {
            case SetAct.Sync:
                controller.Sync();
                twinController.Sync();
                break;
            case SetAct.Pods:
                Pods();
                break;
            case SetAct.Look:
                leader.Reconcile();
                break;
            case SetAct.LoseLook:
                leader.Reconcile(isLost: true);
                break;
            case SetAct.BeginLook:
                leader.Begin();
                break;
            case SetAct.FinishLook:
                leader.Finish();
                break;
            case SetAct.Register:
                leader.Register();
                break;
            case SetAct.Settle:
                Settle();
                break;
            default:
                if (!Befall(step) && !BefallOperator(step))
                {
                    Act(step);
                }

                break;
        }
    }

    private bool Pods() => cluster.RunPods(promises.Started) | twin.RunPods((_, _) => { });

    /// <summary>Caches catch up; pods, controller and leader go on until none of them writes anything more.</summary>
    private void Settle()
    {
        cache.CatchUp();
        controllerCache.CatchUp();
        twinCache.CatchUp();
        int quiet = 0;
        for (int round = 0; quiet < 2; round++)
        {
            bool wrote = Pods() | controller.Sync() | twinController.Sync();
            bool looked = leader.Reconcile() | leader.Register();
            cluster.Now += TimeSpan.FromSeconds(3);
            quiet = wrote || looked ? 0 : quiet + 1;
            if (trace is not null && (wrote || looked) && trace.LastOrDefault() != $"  {cluster} | twin {twin.Running}")
            {
                trace.Add($"  {cluster} | twin {twin.Running}");
            }

            promises.AskFields();
            if (round == MostRounds)
            {
                throw new ModelException("It comes to rest", $"{cluster}");
            }
        }

        promises.AskAtRest(leader.IsThere, isLooked: leader.IsThere && !database.IsOut && !database.IsRegistryOut);
    }

    /// <summary>All that was in the way is over, and the owner applies once more what was wanted last.</summary>
    private void End()
    {
        foreach (SetAct act in (SetAct[])
            [SetAct.DatabaseBack, SetAct.RegistryBack, SetAct.StartOperator, SetAct.LeaderBack, SetAct.NodeUp])
        {
            Do(new(act, 0, 0));
        }

        database.Applied = ModelVersions.Migrations;
        history.Learn();
        Settle();
        for (int attempt = 0; attempt < 2; attempt++)
        {
            // What was never asked about is judged now, and passes when it is asked for again.
            Act(new(SetAct.Apply, 0, promises.Wish.Template));
            Settle();
        }

        Act(new(SetAct.Part, 0, 0));
        Settle();
        if (cluster.Spec.OnDelete)
        {
            Act(new(SetAct.DrainAll, 0, 0));
            Settle();
        }

        promises.AskAtEnd();
    }
}
