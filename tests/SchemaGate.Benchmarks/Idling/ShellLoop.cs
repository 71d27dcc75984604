using System.Globalization;
using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Idling;

/// <summary>
/// What a team writes in SchemaGate's place: every thirty seconds a script asks the database for its migrations and the cluster for the
/// Deployment that needs them.
/// </summary>
internal static class ShellLoop
{
    public const int LooksPerMinute = 2;

    private const int Runs = 10;
    private const string Look = "psql \"$0\" -qAtc 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL' && "
        + "kubectl --kubeconfig \"$1\" get deployments -o name";

    /// <returns>One look's CPU seconds, and the most memory of one of its processes, MiB; medians.</returns>
    public static async Task<(double Cpu, double Peak)> MeasureAsync(OwnCluster cluster, Uri database)
    {
        (Sample cpu, Sample peak) = (new(), new());
        for (int run = -1; run < Runs; run++)
        {
            (_, string error) = await ChildProcess.RunAsync(
                "/usr/bin/time", ["-f", "%U %S %M", "sh", "-c", Look, database.ToString(), cluster.Kubeconfig]);
            double[] values = [.. error.Trim().Split('\n')[^1].Split(' ')
                .Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
            if (run >= 0)
            {
                cpu.Add(values[0] + values[1]);
                peak.Add(values[2] / 1024);
            }
        }

        return (cpu.Median, peak.Median);
    }
}
