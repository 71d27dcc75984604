using System.Diagnostics;
using SchemaGate.Benchmarks.Cluster;

namespace SchemaGate.Benchmarks.Releasing;

/// <summary>A gate, a Deployment that needs the last migration, a database that lacks it, and a script that waits for it too.</summary>
internal sealed class HeldShop(string name, ScratchDatabase database, ReleaseWatch releases) : IAsyncDisposable
{
    private const string Script = "until psql \"$0\" -qAtc \"SELECT 'yes' FROM _prisma_migrations WHERE migration_name = "
        + $"'{DemoSchema.LastMigration}' AND finished_at IS NOT NULL\" | grep -q yes; do sleep 2; done";

    /// <summary>Seconds from the commit to the Deployment's release and to the script's end.</summary>
    public async Task<(double Gate, double Script)> MeasureAsync(OwnCluster cluster, string image, TimeSpan age)
    {
        await Objects.CreateGateAsync(cluster.Client, new(ReleaseCommand.Namespace, name), image, database.Address.ToString());
        await Objects.CreateDeploymentAsync(cluster.Client, new(ReleaseCommand.Namespace, name), $"{name}={image}");
        Task<long> scriptEnds = RunScriptAsync();
        await Task.Delay(age);
        Task<long> released = releases.NextAsync(name);
        await database.SqlAsync(DemoSchema.Commit);
        long committed = Stopwatch.GetTimestamp();
        return (Seconds(await released), Seconds(await scriptEnds));

        double Seconds(long end) => Stopwatch.GetElapsedTime(committed, end).TotalSeconds;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<long> RunScriptAsync()
    {
        await ChildProcess.RunAsync("sh", ["-c", Script, database.Address.ToString()]);
        return Stopwatch.GetTimestamp();
    }
}
