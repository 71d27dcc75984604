using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Tests;

namespace SchemaGate.Benchmarks.Admitting;

/// <summary>
/// Many pods at once that have to wait, two replicas taking turns at the API server's questions; beside as many that are not gated. Then
/// their migration is applied.
/// </summary>
internal static class BurstCommand
{
    private const string Namespace = "team";
    private const int AtATime = 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly ResourceType<RawObject> s_pods = RawObject.Resource("", "v1", "Pod", "pods", namespaced: true);

    /// <returns>1 where a pod was held that is none of the gate's business, or let through that was not released.</returns>
    public static async Task<int> RunAsync(int pods)
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.LackingAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        int[] ports = [FreePort.Next(), FreePort.Next()];
        using RoundTripRelay relay = new([.. ports.Select(port => new Uri($"https://127.0.0.1:{port}"))]);
        await using OwnOperator first = await OwnOperator.StartAsync(cluster, ports[0], relay.Address);
        await using OwnOperator second = await OwnOperator.StartAsync(cluster, ports[1], relay.Address);
        await cluster.NamespaceAsync(Namespace);
        await Objects.CreateGateAsync(cluster.Client, new(Namespace, "shop"), image, database.Address.ToString());
        await Objects.AwaitVerdictAsync(cluster.Client, nameof(Verdict.Blocked), 1, s_patience);

        double plain = await CreateAsync(cluster.Client, "plain", pods, requires: null);
        double gated = await CreateAsync(cluster.Client, "gated", pods, $"shop={image}");
        (int held, int wronglyHeld) = (await CountAsync(cluster.Client, "gated"), await CountAsync(cluster.Client, "plain"));
        long committed = Stopwatch.GetTimestamp();
        await database.SqlAsync(DemoSchema.Commit);
        int left = held;
        await Patiently.UntilAsync(
            async () => (left = await CountAsync(cluster.Client, "gated")) == 0, s_patience, () => $"{left} pods are held still");
        double released = Stopwatch.GetElapsedTime(committed).TotalSeconds;

        Machine.Print();
        Console.WriteLine("| pods, 32 at a time | seconds | pods a second | ratio |");
        Console.WriteLine("|---|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pods} not gated | {plain:F1} | {pods / plain:F0} | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {pods} held | {gated:F1} | {pods / gated:F0} | {gated / plain:F2} |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| from the commit to the last one let go | {released:F1} | {pods / released:F0} | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"peak memory, MiB: {ProcessUse.Of(first.Process).Peak:F0} and {ProcessUse.Of(second.Process).Peak:F0}; let through: "
            + $"{pods - held}; held wrongly: {wronglyHeld}; connections to the replicas: {relay.Connections}"));
        return held == pods && wronglyHeld == 0 ? 0 : 1;
    }

    /// <returns>Seconds.</returns>
    private static async Task<double> CreateAsync(KubernetesClient client, string name, int count, string? requires)
    {
        long began = Stopwatch.GetTimestamp();
        ParallelOptions limit = new() { MaxDegreeOfParallelism = AtATime };
        await Parallel.ForAsync(0, count, limit, async (number, cancellation) =>
        {
            ObjectKey key = new(Namespace, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            JsonObject pod = JsonNode.Parse(Objects.Json("Pod", key, requires))!.AsObject();
            await client.CreateAsync(s_pods, RawObject.From(pod), cancellation);
        });
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <returns>How many of these pods wait.</returns>
    private static async Task<int> CountAsync(KubernetesClient client, string name) =>
        (await client.ListAllAsync(s_pods, Namespace, new() { LabelSelector = Names.Held })).Items
            .Count(pod => pod.Metadata.Name!.StartsWith($"{name}-", StringComparison.Ordinal));
}
