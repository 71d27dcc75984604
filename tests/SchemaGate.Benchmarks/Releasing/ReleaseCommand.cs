using System.Globalization;
using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Releasing;

/// <summary>
/// From the commit of the last migration's row to the Deployment's new ReplicaSet, seen from outside, for waits of different ages.
/// </summary>
internal static class ReleaseCommand
{
    public const string Namespace = "team";

    private const int Runs = 24;

    /// <summary>Between the runs' beginnings, so that they do not fall into step.</summary>
    private static readonly TimeSpan s_stagger = TimeSpan.FromMilliseconds(310);

    /// <param name="ages">How long a Deployment is held before its migration arrives, in seconds.</param>
    public static async Task<int> RunAsync(IReadOnlyList<int> ages)
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase template = await DemoSchema.LackingAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        cluster.StartControllers();
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        await cluster.NamespaceAsync(Namespace);
        using CancellationTokenSource ending = new();
        ReleaseWatch releases = new();
        Task watching = releases.RunAsync(cluster.Client, Namespace, ending.Token);

        Machine.Print();
        Console.WriteLine("| seconds from commit to release | median | p95 | longest | a script's median | p95 | longest | "
            + "ratio of medians |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (int age in ages)
        {
            (Sample gate, Sample script) = await MeasureAsync(
                cluster, template, releases, image, $"{name}-{age}", TimeSpan.FromSeconds(age));
            Console.WriteLine($"| held for {age} s | {Cells(gate)} | {Cells(script)} | "
                + $"{(script.Median / gate.Median).ToString("F2", CultureInfo.InvariantCulture)} |");
        }

        await ending.CancelAsync();
        await Task.WhenAny(watching);
        return 0;
    }

    private static async Task<(Sample Gate, Sample Script)> MeasureAsync(
        OwnCluster cluster, ScratchDatabase template, ReleaseWatch releases, string image, string prefix, TimeSpan age)
    {
        List<Task<(double Gate, double Script)>> runs = [];
        List<HeldShop> shops = [];
        try
        {
            for (int run = 0; run < Runs; run++)
            {
                // One after the other: a template is copied by one at a time.
                string name = $"{prefix}-{run}";
                HeldShop shop = new(name, await ScratchDatabase.CreateAsync(name, template), releases);
                shops.Add(shop);
                runs.Add(shop.MeasureAsync(cluster, image, age));
                await Task.Delay(s_stagger);
            }

            (Sample gate, Sample script) = (new(), new());
            foreach ((double gateSeconds, double scriptSeconds) in await Task.WhenAll(runs))
            {
                gate.Add(gateSeconds);
                script.Add(scriptSeconds);
            }

            return (gate, script);
        }
        finally
        {
            foreach (HeldShop shop in shops)
            {
                await shop.DisposeAsync();
            }
        }
    }

    private static string Cells(Sample sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Median:F2} | {sample.Quantile(0.95):F2} | {sample.Quantile(1):F2}");
}
