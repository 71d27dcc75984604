using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Benchmarks.Startup;

namespace SchemaGate.Benchmarks.Waiting;

/// <summary>
/// <c>schemagate wait</c> as a whole process, where it ends at once and where it goes on waiting, beside what a user would write instead.
/// </summary>
internal static class WaitCommand
{
    private const string Namespace = "team";
    private const int Runs = 20;
    private const int LongRuns = 2;
    private const int LongSeconds = 20;

    public static async Task<int> RunAsync()
    {
        string name = DemoSchema.NewName();
        await using ScratchDatabase database = await DemoSchema.MigratedAsync(name);
        string image = await DemoSchema.PushAsync(name);
        await using OwnCluster cluster = await OwnCluster.StartAsync();
        await using OwnOperator running = await OwnOperator.StartAsync(cluster);
        await cluster.NamespaceAsync(Namespace);
        await Objects.CreateGateAsync(cluster.Client, new(Namespace, "open"), image, database.Address.ToString());
        await using ScratchDatabase empty = await ScratchDatabase.CreateAsync($"{name}-empty");
        await Objects.CreateGateAsync(cluster.Client, new(Namespace, "closed"), image, empty.Address.ToString());
        await Objects.AwaitVerdictAsync(cluster.Client, "Open", 1, TimeSpan.FromMinutes(1));
        await Objects.AwaitVerdictAsync(cluster.Client, "Blocked", 1, TimeSpan.FromMinutes(1));
        string authorities = Path.GetTempFileName();
        await File.WriteAllTextAsync(authorities, await OwnOperator.AuthoritiesAsync(cluster));

        Machine.Print();
        await StartedTable.RunAsync("released already", Runs, [
            .. Commands("open").Select(command => new Started(command.Name, command.Words[0], command.Words[1..]))
        ]);
        Console.WriteLine();
        await StartedTable.RunAsync($"{LongSeconds} s of waiting", LongRuns, [.. Commands("closed").Select(command =>
            new Started(
                command.Name, "sh", ["-c", $"timeout {LongSeconds} \"$@\" > /dev/null 2>&1; [ $? -ge 124 ]", "sh", .. command.Words]))]);
        File.Delete(authorities);
        return 0;

        IEnumerable<(string Name, string[] Words)> Commands(string gate)
        {
            string question = $"{running.Address}v1/gates/{Namespace}/{gate}/verdict?requires={Uri.EscapeDataString(image)}";
            yield return ("schemagate wait", [
                OwnOperator.Binary, "wait", $"{gate}={image}", "--namespace", Namespace, "--server", running.Address.ToString(),
                "--ca-file", authorities,
            ]);
            yield return ("sh, until curl", [
                "sh", "-c", "until curl -sf -o /dev/null --cacert \"$0\" \"$1\"; do sleep 2; done", authorities, question,
            ]);
            yield return ("kubectl wait", [
                "kubectl", "--kubeconfig", cluster.Kubeconfig, "-n", Namespace, "wait", "--for=condition=Ready", $"schemagate/{gate}",
                "--timeout=1h",
            ]);
        }
    }
}
