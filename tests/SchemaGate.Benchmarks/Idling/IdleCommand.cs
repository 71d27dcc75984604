using System.Diagnostics;
using System.Globalization;
using System.Net;
using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Idling;

/// <summary>
/// What open gates take while nothing happens: memory, processor, API requests, queries; and that nothing is listed or written.
/// </summary>
internal static class IdleCommand
{
    private const int Namespaces = 10;
    private const int PerServer = 20;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(45);

    /// <summary>As often as most ask.</summary>
    private static readonly TimeSpan s_scraping = TimeSpan.FromSeconds(15);

    /// <param name="minutes">How long each number of gates is watched; a watch of the operator's lasts five to ten.</param>
    /// <param name="counts">Numbers of gates, rising.</param>
    /// <param name="isScraped">Whether its metrics are asked for meanwhile, as Prometheus does.</param>
    /// <param name="isSpread">Whether no more than twenty of their databases are on one server, to the operator's eyes.</param>
    /// <returns>1 where something was listed or, but for the Lease, written.</returns>
    public static async Task<int> RunAsync(double minutes, IReadOnlyList<int> counts, bool isScraped, bool isSpread)
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.MigratedAsync(name);
        // To the operator, 127.0.1.1 and those behind it are servers of their own.
        using RoundTripRelay relay = new(isSpread ? IPAddress.Any : IPAddress.Loopback, database.Address);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        for (int ns = 0; ns < Namespaces; ns++)
        {
            await cluster.NamespaceAsync($"team-{ns}");
        }

        List<IdleFigures> figures = [];
        foreach (int count in counts)
        {
            // Between two operators nobody answers them.
            await cluster.KubectlAsync("delete", "mutatingwebhookconfigurations,validatingwebhookconfigurations", "--all");
            for (int gate = figures.LastOrDefault()?.Gates ?? 0; gate < count; gate++)
            {
                // A connection of each gate's own, as to databases of their own.
                Uri address = isSpread ? new UriBuilder(relay.Address) { Host = $"127.0.1.{1 + (gate / PerServer)}" }.Uri : relay.Address;
                string url = $"{address}?options=-c%20application_name%3Dgate-{gate}";
                await Objects.CreateGateAsync(cluster.Client, new($"team-{gate % Namespaces}", $"gate-{gate}"), image, url);
            }

            figures.Add(await MeasureAsync(cluster, database, relay, count, TimeSpan.FromMinutes(minutes), isScraped));
        }

        Print(figures, await ShellLoop.MeasureAsync(cluster, database.Address));
        return figures.TrueForAll(figure => figure.PerMinute(request => request.Verb == "list" || request.Writes) == 0) ? 0 : 1;
    }

    private static async Task<IdleFigures> MeasureAsync(
        OwnCluster cluster, ScratchDatabase database, RoundTripRelay relay, int count, TimeSpan length, bool isScraped)
    {
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        long start = Stopwatch.GetTimestamp();
        await Objects.AwaitVerdictAsync(cluster.Client, "Open", count, TimeSpan.FromMinutes(5));
        await Console.Error.WriteLineAsync(
            $"{count} gates are open {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s after the operator serves");
        await Task.Delay(s_settling);

        AuditLog log = new(cluster.AuditPath, "schemagate/");
        (ProcessUse used, ProcessUse server) = (ProcessUse.Of(running.Process), ProcessUse.Of(cluster.Server));
        (int trips, int connections) = (relay.RoundTrips, relay.Connections);
        await (isScraped ? ScrapeAsync(running.Metrics, length) : Task.Delay(length));
        (ProcessUse usedThen, ProcessUse serverThen) = (ProcessUse.Of(running.Process), ProcessUse.Of(cluster.Server));
        var requests = log.Read();
        foreach (AuditLog.Request request in requests.Where(request => request.Verb == "list" || request.Writes)
            .DistinctBy(request => request.Address, StringComparer.Ordinal))
        {
            await Console.Error.WriteLineAsync($"{count} idle gates must not cause: {request.Verb} {request.Address}");
        }

        double minutes = length.TotalMinutes;
        return new(
            count, usedThen, (usedThen.Cpu - used.Cpu).TotalSeconds / minutes, serverThen,
            (serverThen.Cpu - server.Cpu).TotalSeconds / minutes,
            // The benchmark has one of its own.
            cluster.Connections() - 1, requests,
            requests.GroupBy(request => request.EndedAt.ToUnixTimeSeconds()).Select(second => second.Count()).DefaultIfEmpty().Max(),
            minutes, (relay.RoundTrips - trips) / minutes, (relay.Connections - connections) / minutes, await database.ConnectionsAsync());
    }

    private static async Task ScrapeAsync(Uri metrics, TimeSpan length)
    {
        using HttpClient prometheus = new();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            long asked = Stopwatch.GetTimestamp();
            int bytes = (await prometheus.GetByteArrayAsync(metrics)).Length;
            double took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10} KiB of metrics in {took:F0} ms"));
            await Task.Delay(s_scraping);
        }
    }

    private static void Print(List<IdleFigures> figures, (double Cpu, double Peak) look)
    {
        Machine.Print();
        Row("idle gates", figure => figure.Gates, 0);
        Console.WriteLine($"|---|{string.Concat(figures.Select(_ => "--:|"))}");
        Row("memory of the operator, MiB", figure => figure.Operator.Resident, 0);
        Row("its peak since the start, MiB", figure => figure.Operator.Peak, 0);
        Row("CPU seconds per minute", figure => figure.CpuSeconds, 2);
        Row("a script's per minute, psql and kubectl every 30 s for each gate", figure => Script(figure), 1);
        Row("ratio", figure => Script(figure) / figure.CpuSeconds, 1);
        Row("peak of one look of the script, MiB", _ => look.Peak, 0);
        Row("API requests per minute: get", figure => figure.PerMinute(request => request.Verb == "get"), 1);
        Row("watch (each ends after five to ten minutes)", figure => figure.PerMinute(request => request.Verb == "watch"), 1);
        Row("renewals of the Lease", figure => figure.PerMinute(request => request.RenewsLease), 1);
        Row("list", figure => figure.PerMinute(request => request.Verb == "list"), 1);
        Row("other writes", figure => figure.PerMinute(request => request.Writes), 1);
        Row("most in one second", figure => figure.BusiestSecond, 0);
        Row("connections to the API server", figure => figure.ApiConnections, 0);
        Row("memory of the API server, MiB", figure => figure.Server.Resident, 0);
        Row("its CPU seconds per minute", figure => figure.ServerCpuSeconds, 2);
        Row("database round trips per minute", figure => figure.RoundTrips, 1);
        Row("new database connections per minute", figure => figure.NewConnections, 1);
        Row("open database connections", figure => figure.DatabaseConnections, 0);

        double Script(IdleFigures figure) => figure.Gates * ShellLoop.LooksPerMinute * look.Cpu;

        void Row(string what, Func<IdleFigures, double> of, int digits) =>
            Console.WriteLine($"| {what} | " + string.Concat(
                figures.Select(figure => of(figure).ToString($"N{digits}", CultureInfo.InvariantCulture) + " | ")));
    }
}
