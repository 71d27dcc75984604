namespace SchemaGate.Tests.Gates.Model;

/// <summary>
/// One Deployment with SchemaGate, and beside it a twin to which the same happens without. What is promised is asked for wherever
/// containers start (<see cref="ModelPromises"/>) and whenever everything has come to rest.
/// </summary>
internal sealed partial class ModelWorld
{
    private const int MostRounds = 80;

    private readonly ModelCluster cluster;
    private readonly ModelCluster twin;
    private readonly ModelController controller;
    private readonly ModelController twinController;
    private readonly ModelDatabase database = new();
    private readonly ModelGate gate = new();
    private readonly ModelAdmission admission;
    private readonly ModelOperator leader;
    private readonly ModelHistory history;
    private readonly ModelFacts facts;
    private readonly ModelPromises promises;
    private readonly List<string>? trace;
    private ModelSpec? export;
    private bool exportWish;

    public ModelWorld(ModelSchedule schedule, List<string>? trace = null)
    {
        this.trace = trace;
        cluster = new(schedule.Spec);
        twin = new(schedule.Spec);
        database.Applied = schedule.Applied;
        gate.Image = schedule.Spec.Template;
        admission = new(cluster, new(database, gate));
        history = new(database, gate);
        facts = new(cluster);
        promises = new(cluster, twin, database, history, facts, admission) { Wish = schedule.Spec.Paused };
        controller = new(cluster, promises.IsBirthAllowed, promises.IsStartAllowed);
        twinController = new(twin, _ => true, _ => true);
        leader = new(cluster, database, gate, admission, promises.IsStartAllowed);
        if (schedule.IsAdopted)
        {
            history.Adopt(schedule.Spec.Template);
            Run(cluster, new(cluster, _ => true, _ => true));
            Run(twin, twinController);
        }
        else
        {
            cluster.Spec = admission.Created(schedule.Spec);
        }

        history.Apply(schedule.Spec.Template);
    }

    public void Run(IReadOnlyList<ModelStep> steps)
    {
        foreach (ModelStep step in steps)
        {
            cluster.Now += TimeSpan.FromSeconds(1);
            Do(step);
            trace?.Add($"{step,-16} {cluster} | twin {twin.Running}");
        }

        End();
    }

    private static void Run(ModelCluster cluster, ModelController controller)
    {
        while (controller.Sync() | cluster.RunPods(_ => { }))
        {
        }
    }

    private void Do(ModelStep step)
    {
        switch (step.Act)
        {
            case ModelAct.Sync:
                controller.Sync();
                twinController.Sync();
                break;
            case ModelAct.Pods:
                Pods();
                break;
            case ModelAct.Look:
                promises.Looked(leader.Reconcile());
                break;
            case ModelAct.LoseLook:
                leader.Reconcile(isLost: true);
                break;
            case ModelAct.BeginLook:
                leader.Begin();
                break;
            case ModelAct.FinishLook:
                leader.Finish();
                break;
            case ModelAct.Wait:
                cluster.Now += TimeSpan.FromSeconds(10);
                break;
            case ModelAct.Settle:
                Settle();
                break;
            default:
                if (!Befall(step))
                {
                    Act(step);
                }

                break;
        }
    }

    private bool Pods()
    {
        promises.Changed();
        return cluster.RunPods(promises.Started) | twin.RunPods(_ => { });
    }

    /// <summary>Pods, controller and leader go on until none of them writes anything more, whatever time passes.</summary>
    private void Settle()
    {
        int quiet = 0;
        for (int round = 0; quiet < 3; round++)
        {
            bool wrote = Pods() | controller.Sync() | twinController.Sync() | Pods() | controller.Sync() | twinController.Sync();
            bool looked = leader.Reconcile();
            promises.Looked(looked);
            cluster.Now += TimeSpan.FromSeconds(3);
            quiet = wrote || looked ? 0 : quiet + 1;
            if (trace is not null && (wrote || looked))
            {
                trace.Add($"  {(looked ? "looked" : "")} {cluster} | twin {twin.Running}");
            }

            if (round == MostRounds)
            {
                throw new ModelException("It comes to rest", $"{cluster}");
            }
        }

        promises.Ask(controller.IsStuck());
    }

    /// <summary>All that was in the way is over.</summary>
    private void End()
    {
        foreach (ModelAct act in (ModelAct[])[ModelAct.DatabaseBack, ModelAct.RegistryBack, ModelAct.StartOperator, ModelAct.NodeUp])
        {
            Befall(new(act, 0));
        }

        Change(new(ModelAct.Label, 0));
        database.Applied = ModelVersions.Migrations;
        history.Learn();
        Finish();
        if (promises.Wish)
        {
            Change(new(ModelAct.Resume, 0));
            Finish();
        }
    }

    /// <summary>
    /// A rollout that stands still by the Deployment controller's own fault (https://github.com/kubernetes/kubernetes/issues/102551)
    /// is set going by what people do then.
    /// </summary>
    private void Finish()
    {
        Settle();
        if (controller.IsStuck() || twinController.IsStuck())
        {
            int replicas = cluster.Spec.Replicas;
            Change(new(ModelAct.Strategy, 1));
            Act(new(ModelAct.Scale, replicas + 1));
            Settle();
            Act(new(ModelAct.Scale, replicas));
            Settle();
        }

        promises.AskAtEnd();
    }
}
