using System.Collections.Concurrent;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Leadership;

namespace SchemaGate.Tests.Kubernetes;

/// <summary>A process that stands for the lease "leader", with a clock of its own.</summary>
internal sealed class Elector : IAsyncDisposable
{
    private readonly KubernetesClient client;
    private readonly Task? work;
    private int inside;

    public Elector(KubernetesClient client, string identity, Task? work, ManualTime time)
    {
        (this.client, this.work, Time) = (client, work, time);
        Election = new(client, new()
        {
            Namespace = "n",
            Name = "leader",
            Identity = identity,
            Time = time,
            LeaderChanged = Leaders.Enqueue,
            Failed = Failures.Enqueue,
        });
    }

    public LeaderElection Election { get; }

    public ManualTime Time { get; }

    public CancellationTokenSource Stopping { get; } = new();

    public Task? Running { get; private set; }

    public ConcurrentQueue<string?> Leaders { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public int Terms { get; private set; }

    public bool Inside => Volatile.Read(ref inside) == 1;

    public void Start() => Running ??= Election.RunAsync(LeadAsync, Stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await Stopping.CancelAsync();
        for (var i = 0; i < 500 && Running?.IsCompleted == false; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        client.Dispose();
        Stopping.Dispose();
    }

    private async Task LeadAsync(CancellationToken cancellation)
    {
        Terms++;
        Volatile.Write(ref inside, 1);
        try
        {
            await (work ?? Task.Delay(Timeout.Infinite, cancellation));
        }
        finally
        {
            Volatile.Write(ref inside, 0);
        }
    }
}
