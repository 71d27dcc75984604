namespace SchemaGate.Tests.Gates.Model;

/// <summary>A world's beginning and what happens in it.</summary>
/// <param name="Spec">The Deployment as it is first applied.</param>
/// <param name="Applied">How many migrations are applied then.</param>
/// <param name="IsAdopted">Whether it runs before SchemaGate is there.</param>
internal sealed record ModelSchedule(int Seed, ModelSpec Spec, int Applied, bool IsAdopted, IReadOnlyList<ModelStep> Steps)
    : IModelSchedule
{
    private static readonly (ModelAct Act, int Weight)[] s_weights =
    [
        (ModelAct.Sync, 20), (ModelAct.Pods, 16), (ModelAct.Look, 14), (ModelAct.LoseLook, 2), (ModelAct.BeginLook, 3),
        (ModelAct.FinishLook, 3), (ModelAct.Wait, 2), (ModelAct.Settle, 4), (ModelAct.Migrate, 4), (ModelAct.Restore, 2),
        (ModelAct.SwapDatabase, 1),
        (ModelAct.DatabaseOut, 1), (ModelAct.DatabaseBack, 2), (ModelAct.RegistryOut, 1), (ModelAct.RegistryBack, 2),
        (ModelAct.MoveTag, 1), (ModelAct.KillOperator, 2), (ModelAct.StartOperator, 4), (ModelAct.NodeDown, 1), (ModelAct.NodeUp, 2),
        (ModelAct.Apply, 10), (ModelAct.Replace, 3), (ModelAct.ApplyStale, 2), (ModelAct.ReplaceStale, 1), (ModelAct.Export, 2),
        (ModelAct.Scale, 6), (ModelAct.ScaleByApply, 3), (ModelAct.Pause, 2), (ModelAct.Resume, 2), (ModelAct.Undo, 3),
        (ModelAct.DeleteReplicaSet, 2), (ModelAct.KillPods, 2), (ModelAct.Unlabel, 1), (ModelAct.Label, 3), (ModelAct.Strategy, 2),
    ];

    private static readonly ModelAct[] s_acts = [.. s_weights.SelectMany(pair => Enumerable.Repeat(pair.Act, pair.Weight))];

    public int Count => Steps.Count;

    public static ModelSchedule Of(int seed)
    {
        Random random = new(seed);
        bool recreate = random.Next(4) == 0;
        ModelSpec spec = new(
            Template(random), random.Next(5), Paused: random.Next(12) == 0, Labelled: true, recreate, random.Next(3), random.Next(3),
            ModelAnnotations.None);
        int applied = random.Next(ModelVersions.Migrations + 1);
        bool adopted = random.Next(2) == 0;
        ModelStep[] steps = new ModelStep[15 + random.Next(26)];
        for (int index = 0; index < steps.Length; index++)
        {
            ModelAct act = s_acts[random.Next(s_acts.Length)];
            steps[index] = new(act, Number(act, random));
        }

        return new(seed, adopted ? spec with { Paused = false } : spec, applied, adopted, steps);
    }

    public IModelSchedule Without(int step) => this with { Steps = [.. Steps.Where((_, at) => at != step)] };

    public void Run(List<string>? trace) => new ModelWorld(this, trace).Run(Steps);

    public override string ToString() =>
        $"seed {Seed}: {Spec}, {Applied} applied{(IsAdopted ? ", running already" : "")}\n  {string.Join("\n  ", Steps)}";

    private static int Number(ModelAct act, Random random) => act switch
    {
        ModelAct.Apply or ModelAct.Replace or ModelAct.ApplyStale => Template(random),
        ModelAct.MoveTag => 1 + random.Next(ModelVersions.Migrations),
        ModelAct.Strategy => random.Next(12),
        _ => random.Next(5),
    };

    private static int Template(Random random) => ModelVersions.Of(1 + random.Next(ModelVersions.Last), random.Next(ModelVersions.Builds));
}
