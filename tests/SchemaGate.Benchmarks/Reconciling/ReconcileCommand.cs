using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Events;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Operator;

namespace SchemaGate.Benchmarks.Reconciling;

/// <summary>One reconcile of a gate where nothing has changed: what it takes, and that it neither writes nor lists.</summary>
internal static class ReconcileCommand
{
    private const int Steps = 200;
    private const int MostSettlingSteps = 100;

    /// <param name="ns">Where the operator's key is kept, so that another operator which runs meanwhile agrees with this one.</param>
    /// <returns>1 where a reconcile of an unchanged gate wrote or listed.</returns>
    public static async Task<int> RunAsync(string ns)
    {
        RequestLog.KeepQueries();
        TimeProvider time = TimeProvider.System;
        KubernetesConfiguration configuration = KubernetesConfiguration.FromKubeconfig();
        using KubernetesClient client = new(configuration, "schemagate-benchmarks", time: time);
        SealKey seal = await SealKey.EnsureAsync(client, ns, default);
        WorkloadReader reader = new(seal);
        ClusterView view = new(client, reader, [], exception => Console.Error.WriteLine(exception.Message), time);
        using ImageEvidence images = new(allowPlainHttp: true, time);
        using DatabaseEvidence databases = new(allowLocalFiles: false, time);
        EventRecorder events = new(
            client, "schemagate.dev/operator", "benchmarks", exception => Console.Error.WriteLine(exception.Message), time);
        Announcer announcer = new(events, NullLogger<Announcer>.Instance);
        using CancellationTokenSource ending = new();
        SecretWatch secrets = new(client, (_, _) => { }, time, ending.Token);
        GateReconciler reconciler = new(
            view, new(secrets, images, databases, seal, time), new(client, view, new(seal), announcer, time),
            new(client, view, reader, new(seal), announcer), new(client, view, () => seal.Claims, new(null, null), time),
            new(secrets, new([], time), seal, _ => { }, time, ending.Token) { Now = view.Gate }, new(client, announcer));

        await using BenchmarkShop shop = await BenchmarkShop.OpenAsync();
        Task watching = Task.WhenAll(view.RunAsync(ending.Token), events.RunAsync(ending.Token));
        while (!view.Synced)
        {
            await Task.Delay(50, ending.Token);
        }

        Func<Task> step = () => reconciler.ReconcileAsync(shop.Gate, ending.Token);
        await SettleAsync(step, view, shop.Gate, configuration.Server);
        await MeasureAsync(step);
        bool quiet = await CountAsync(step, shop, configuration.Server);
        await ending.CancelAsync();
        await Task.WhenAny(watching);
        return quiet ? 0 : 1;
    }

    /// <summary>Until the gate is open and ten steps in a row have written nothing; the caches need a moment after each write.</summary>
    private static async Task SettleAsync(Func<Task> step, ClusterView view, ObjectKey gate, Uri server)
    {
        int quiet = 0;
        for (int count = 0; quiet < 10; count++)
        {
            if (count == MostSettlingSteps)
            {
                throw new InvalidOperationException(
                    $"the gate does not settle: {view.Gate(gate)?.Status?.Message} Does another operator, with another key, run?");
            }

            using RequestLog log = new();
            await step();
            bool settled = view.Gate(gate)?.Status?.Verdict == "Open" && view.Workloads(gate) is [{ Revisions: [{ Record: not null }] }];
            quiet = settled && log.To(server).All(request => request.Method == "GET") ? quiet + 1 : 0;
            await Task.Delay(100);
        }
    }

    private static async Task MeasureAsync(Func<Task> step)
    {
        for (int count = 0; count < Steps; count++)
        {
            await step();
        }

        Sample milliseconds = new();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int count = 0; count < Steps; count++)
        {
            long start = Stopwatch.GetTimestamp();
            await step();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Print("time, median", $"{milliseconds.Median:F2} ms");
        Print("time, p99", $"{milliseconds.Quantile(0.99):F2} ms");
        Print("CPU, mean", $"{cpu.TotalMilliseconds / Steps:F2} ms");
        Print("allocated, mean", $"{allocated / 1024.0 / Steps:F1} KiB");
    }

    /// <summary>In a pass of its own, because counting costs time.</summary>
    private static async Task<bool> CountAsync(Func<Task> step, BenchmarkShop shop, Uri server)
    {
        using RoundTripRelay relay = new(shop.Database);
        await shop.WriteSecretAsync(relay.Address);
        // The Secret is watched: its new text arrives by itself.
        while (relay.Connections == 0)
        {
            await step();
            await Task.Delay(100);
        }

        (int trips, int connections) = (relay.RoundTrips, relay.Connections);
        using RequestLog log = new();
        for (int count = 0; count < Steps; count++)
        {
            await step();
        }

        var requests = log.To(server);
        var writes = requests.Where(request => request.Method != "GET").ToList();
        var lists = requests.Where(request => request.Method == "GET" && !IsOneObject(request.Address)).ToList();
        Print("API requests", PerStep(requests.Count));
        Print("API writes", PerStep(writes.Count));
        Print("API lists", PerStep(lists.Count));
        Print("database round trips", PerStep(relay.RoundTrips - trips));
        Print("database connections", PerStep(relay.Connections - connections));
        foreach ((string method, Uri address) in writes.Concat(lists).Distinct())
        {
            await Console.Error.WriteLineAsync($"an unchanged gate must not cause: {method} {address.PathAndQuery}");
        }

        return writes.Count == 0 && lists.Count == 0;
    }

    /// <summary>What follows the version is a namespace, a type and a name.</summary>
    private static bool IsOneObject(Uri address)
    {
        string[] path = address.AbsolutePath.Trim('/').Split('/');
        int version = path[0] == "api" ? 1 : 2;
        return path.Length - version - 1 >= (path.ElementAtOrDefault(version + 1) == "namespaces" ? 4 : 2);
    }

    private static string PerStep(int count) => (count / (double)Steps).ToString("0.###", CultureInfo.InvariantCulture);

    private static void Print(string what, string value) => Console.WriteLine($"| {what,-22} | {value,12} |");
}
