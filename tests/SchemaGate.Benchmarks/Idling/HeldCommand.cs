using System.Globalization;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Core.Gates;

namespace SchemaGate.Benchmarks.Idling;

/// <summary>
/// What Deployments that are held ask of the API server while nothing happens: by the operator, and by the controller that tries again.
/// </summary>
internal static class HeldCommand
{
    private const string Namespace = "team";
    private const string Unmet = "shop=20990101000000_not_applied";
    private const int Deployments = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <param name="minutes">After so many minutes of a hold it is measured, each time for one minute.</param>
    public static async Task<int> RunAsync(IReadOnlyList<int> minutes)
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.MigratedAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        cluster.StartControllers();
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        await cluster.NamespaceAsync(Namespace);
        await Objects.CreateGateAsync(cluster.Client, new(Namespace, "shop"), image, database.Address.ToString());
        await Objects.AwaitVerdictAsync(cluster.Client, nameof(Verdict.Open), 1, s_patience);

        Machine.Print();
        Console.WriteLine(
            $"| of {Deployments} Deployments, a minute | the operator asks | of that, writes | the controller asks | of that, births |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        await MeasureAsync(cluster, "none of them held", minutes: 0);
        for (int number = 0; number < Deployments; number++)
        {
            await Objects.CreateDeploymentAsync(
                cluster.Client, new(Namespace, string.Create(CultureInfo.InvariantCulture, $"held-{number}")), Unmet);
        }

        int past = 0;
        foreach (int minute in minutes)
        {
            await MeasureAsync(cluster, $"held for {minute} min", minute - past);
            past = minute + 1;
        }

        return 0;
    }

    private static async Task MeasureAsync(OwnCluster cluster, string when, int minutes)
    {
        await Task.Delay(TimeSpan.FromMinutes(minutes));
        (AuditLog own, AuditLog controller) = (new(cluster.AuditPath, "schemagate/"), new(cluster.AuditPath, "kube-controller-manager/"));
        await Task.Delay(TimeSpan.FromMinutes(1));
        IReadOnlyList<AuditLog.Request> asked = own.Read();
        IReadOnlyList<AuditLog.Request> tried = controller.Read();
        int births = tried.Count(request => request.Verb == "create" && request.Address.Contains("/replicasets", StringComparison.Ordinal));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {when} | {asked.Count} | {asked.Count(request => request.Writes)} | {tried.Count} | {births} |"));
    }
}
