using System.Diagnostics;
using System.Globalization;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Benchmarks.Startup;

namespace SchemaGate.Benchmarks.Applying;

/// <summary>
/// Applying small migrations as a whole process, beside psql with the same statements in the same transactions; then looking at what was
/// applied.
/// </summary>
internal static class MigrateCommand
{
    private const int Runs = 7;
    private const int Looks = 20;

    public static async Task<int> RunAsync(string binary)
    {
        if (!File.Exists(binary))
        {
            await Console.Error.WriteLineAsync($"{binary} is not there; README.md says how to publish it");
            return 1;
        }

        Console.WriteLine("| migrations | schemagate migrate ms | psql ms | ratio |");
        Console.WriteLine("|--:|--:|--:|--:|");
        foreach (int count in (int[])[1, 100, 500])
        {
            using SmallMigrations set = new(count);
            await ApplyAsync(binary, set);
        }

        Console.WriteLine();
        using SmallMigrations applied = new(500);
        await LookAsync(binary, applied);
        return 0;
    }

    private static async Task ApplyAsync(string binary, SmallMigrations set)
    {
        (Sample ours, Sample theirs) = (new(), new());
        for (int run = -1; run < Runs; run++)
        {
            double one = await OnNewDatabaseAsync(url => ChildProcess.RunAsync(binary, ["migrate", set.Root, "--database", url]));
            double other = await OnNewDatabaseAsync(
                url => ChildProcess.RunAsync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", set.Script, url]));
            if (run >= 0)
            {
                ours.Add(one);
                theirs.Add(other);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {set.Count} | {ours.Median:F0} | {theirs.Median:F0} | {ours.Median / theirs.Median:F2} |"));
    }

    private static async Task<double> OnNewDatabaseAsync(Func<string, Task> apply)
    {
        await using ScratchDatabase database = await ScratchDatabase.CreateAsync($"schemagate-benchmark-{Guid.NewGuid():N}");
        long start = Stopwatch.GetTimestamp();
        await apply(database.Address.ToString());
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task LookAsync(string binary, SmallMigrations set)
    {
        await using ScratchDatabase database = await ScratchDatabase.CreateAsync($"schemagate-benchmark-{Guid.NewGuid():N}");
        string url = database.Address.ToString();
        await ChildProcess.RunAsync(binary, ["migrate", set.Root, "--database", url]);
        await StartedTable.RunAsync(
            $"{set.Count} applied migrations", Looks,
            new("schemagate status", binary, "status", "--database", url),
            new("schemagate verify", binary, "verify", set.Root, "--database", url),
            new("psql, the same rows", "psql", "-X", "-q", "-o", "/dev/null", "-c", "SELECT * FROM _prisma_migrations ORDER "
                + "BY started_at", url));
    }
}
