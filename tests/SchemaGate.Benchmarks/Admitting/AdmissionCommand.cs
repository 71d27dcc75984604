using System.Globalization;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Admitting;

/// <summary>Writing a gated workload beside writing one that is not, in turns: the difference is what admission adds.</summary>
internal static class AdmissionCommand
{
    private const string Namespace = "team";
    private const string Unmet = "shop=20990101000000_not_applied";
    private const int Rounds = 1_000;
    private const int WarmupRounds = 100;

    private static readonly string[] s_kinds = ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Pod"];

    public static async Task<int> RunAsync()
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.MigratedAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        await cluster.NamespaceAsync(Namespace);
        await Objects.CreateGateAsync(cluster.Client, new(Namespace, "shop"), image, database.Address.ToString());
        ObjectKey plain = await CreateAsync(cluster.Client, "plain", null, isHeld: false);
        ObjectKey released = await CreateAsync(cluster.Client, "released", $"shop={image}", isHeld: false);
        ObjectKey held = await CreateAsync(cluster.Client, "held", Unmet, isHeld: true);

        using DryRun server = new(cluster);
        ObjectKey another = new(Namespace, "another");
        Case[] cases =
        [
            new("Deployment, scaled", "not gated", replicas => server.ScaleAsync(plain, replicas)),
            new("Deployment, scaled", "released", replicas => server.ScaleAsync(released, replicas)),
            new("Deployment, scaled", "held", replicas => server.ScaleAsync(held, replicas)),
            new("Deployment", "not gated", _ => server.CreateAsync("Deployment", another, null)),
            new("Deployment", "held", _ => server.CreateAsync("Deployment", another, Unmet)),
            .. s_kinds.SelectMany(kind => (Case[])
            [
                new(kind, "not gated", _ => server.CreateAsync(kind, another, null)),
                new(kind, "released", _ => server.CreateAsync(kind, another, $"shop={image}")),
            ]),
            new("Pod", "held", _ => server.CreateAsync("Pod", another, Unmet)),
        ];
        for (int round = -WarmupRounds; round < Rounds; round++)
        {
            foreach (Case one in cases)
            {
                double milliseconds = await one.WriteAsync(2 + (round & 1));
                if (round >= 0)
                {
                    one.Milliseconds.Add(milliseconds);
                }
            }
        }

        Print(cases);
        return 0;
    }

    /// <summary>Returns when it stands as it will stay.</summary>
    private static async Task<ObjectKey> CreateAsync(KubernetesClient client, string name, string? requires, bool isHeld)
    {
        ObjectKey key = new(Namespace, name);
        await Objects.CreateDeploymentAsync(client, key, requires);
        await Patiently.UntilAsync(
            async () => isHeld
                == (await client.GetAsync(Deployment.Resource, Namespace, name)).Metadata.Annotations.ContainsKey(Names.Hold),
            TimeSpan.FromSeconds(30), () => $"{name} is held: {isHeld}");
        return key;
    }

    private static void Print(Case[] cases)
    {
        Machine.Print();
        Console.WriteLine("| one request, dry run | p50 ms | added | ratio | p99 ms | added | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (Case one in cases)
        {
            // The first of its kind is the server's own.
            Sample own = cases.First(other => other.Kind == one.Kind).Milliseconds;
            string median = Cells(one.Milliseconds.Median, own.Median);
            Console.WriteLine($"| {one.Kind}, {one.State} {median}{Cells(one.Milliseconds.Quantile(0.99), own.Quantile(0.99))}|");
        }

        static string Cells(double value, double own) =>
            string.Create(CultureInfo.InvariantCulture, $"| {value:F1} | {value - own:F1} | {value / own:F2} ");
    }

    private sealed record Case(string Kind, string State, Func<int, Task<double>> WriteAsync)
    {
        public Sample Milliseconds { get; } = new();
    }
}
