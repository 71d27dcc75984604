using System.Globalization;

namespace SchemaGate.EndToEnd.Support;

/// <summary>Kills one replica of the operator at random, every few seconds; SCHEMAGATE_TEST_SEED repeats the pauses.</summary>
internal sealed class ReplicaKiller : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Random random = Seeded();
    private readonly Task killing;

    public ReplicaKiller() => killing = Task.Run(RunAsync);

    public int Kills { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await killing;
        ending.Dispose();
        Assert.True(Kills > 0, "no replica was killed: the tests have shown nothing");
        await Console.Out.WriteLineAsync($"replicas killed meanwhile: {Kills}");
    }

    private static Random Seeded() =>
        int.TryParse(Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SEED"), CultureInfo.InvariantCulture, out int seed)
            ? new(seed)
            : new();

    private async Task RunAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(4 + (8 * random.NextDouble())), ending.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IReadOnlyList<OperatorPod> running = OperatorPod.Running();
            if (ending.IsCancellationRequested || running.Count == 0)
            {
                continue;
            }

            OperatorPod victim = running[random.Next(running.Count)];
            victim.Kill();
            Kills++;
            // A container that is killed again and again is restarted later and later; a new pod starts at once.
            await TestEnvironment.TryAsync(
                "kubectl",
                ["-n", OperatorFixture.Namespace, "delete", "pod", victim.Name, "--force", "--grace-period=0", "--wait=false"]);
        }
    }
}
