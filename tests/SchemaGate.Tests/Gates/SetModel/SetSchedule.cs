using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>A world's beginning and what happens in it.</summary>
/// <param name="Spec">The set as it is first applied.</param>
/// <param name="Applied">How many migrations are applied then.</param>
/// <param name="IsAdopted">Whether it runs before SchemaGate is there.</param>
/// <param name="Kept">How many revisions without pods are kept.</param>
internal sealed record SetSchedule(int Seed, SetSpec Spec, int Applied, bool IsAdopted, int Kept, IReadOnlyList<SetStep> Steps)
    : IModelSchedule
{
    private const int MostReplicas = 4;

    /// <summary>Few, so that each comes again.</summary>
    private const int Templates = 4;

    private static readonly (SetAct Act, int Weight)[] s_weights =
    [
        (SetAct.Sync, 22), (SetAct.Pods, 14), (SetAct.Look, 12), (SetAct.LoseLook, 2), (SetAct.BeginLook, 3), (SetAct.FinishLook, 3),
        (SetAct.Register, 4), (SetAct.Settle, 6), (SetAct.Migrate, 4), (SetAct.Restore, 2), (SetAct.SwapDatabase, 1),
        (SetAct.DatabaseOut, 1), (SetAct.DatabaseBack, 2), (SetAct.RegistryOut, 1), (SetAct.RegistryBack, 2), (SetAct.MoveTag, 1),
        (SetAct.KillOperator, 2), (SetAct.StartOperator, 4), (SetAct.LeaderOut, 2), (SetAct.LeaderBack, 3), (SetAct.CachesStop, 2),
        (SetAct.CachesCatchUp, 4), (SetAct.ControllerStops, 2), (SetAct.ControllerCatchesUp, 4), (SetAct.NodeDown, 1), (SetAct.NodeUp, 2),
        (SetAct.Apply, 10), (SetAct.Part, 3), (SetAct.ApplyParted, 3), (SetAct.Replace, 3), (SetAct.ReplaceStale, 1), (SetAct.Export, 2),
        (SetAct.GoBack, 4), (SetAct.Undo, 2), (SetAct.Scale, 6), (SetAct.ScaleByApply, 2), (SetAct.Strategy, 2), (SetAct.Drain, 8),
        (SetAct.DrainAll, 1),
    ];

    private static readonly SetAct[] s_acts = [.. s_weights.SelectMany(pair => Enumerable.Repeat(pair.Act, pair.Weight))];

    public int Count => Steps.Count;

    public static SetSchedule Of(int seed)
    {
        Random random = new(seed);
        bool isDaemon = random.Next(3) == 0;
        bool onDelete = random.Next(6) == 0;
        int[] templates = [.. Enumerable.Range(0, Templates).Select(_ => Template(random))];
        SetSpec spec = new(
            isDaemon ? SetKind.Daemon : SetKind.Stateful, templates[0], random.Next(MostReplicas + 1),
            isDaemon || onDelete ? null : random.Next(4) == 0 ? random.Next(MostReplicas) : 0,
            onDelete, Parallel: !isDaemon && random.Next(3) == 0, IsHeld: false, Hold: null, Released: null);
        int applied = random.Next(ModelVersions.Migrations + 1);
        bool adopted = random.Next(2) == 0;
        int kept = random.Next(4) == 0 ? 0 : 10;
        SetStep[] steps = new SetStep[15 + random.Next(26)];
        for (int index = 0; index < steps.Length; index++)
        {
            steps[index] = new(s_acts[random.Next(s_acts.Length)], random.Next(MostReplicas + 1), templates[random.Next(Templates)]);
        }

        return new(seed, spec, applied, adopted, kept, steps);
    }

    public IModelSchedule Without(int step) => this with { Steps = [.. Steps.Where((_, at) => at != step)] };

    public void Run(List<string>? trace) => new SetWorld(this, trace).Run(Steps);

    public override string ToString() => $"seed {Seed}: {Spec.Kind} {Spec}, {Applied} applied, {Kept} revisions kept"
        + $"{(IsAdopted ? ", running already" : "")}\n  {string.Join("\n  ", Steps)}";

    private static int Template(Random random) => ModelVersions.Of(1 + random.Next(ModelVersions.Last), random.Next(ModelVersions.Builds));
}
