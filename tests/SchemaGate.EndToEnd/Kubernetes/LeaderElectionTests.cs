using System.Collections.Concurrent;
using System.Diagnostics;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Leadership;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>Two processes' electors in one process, each with connections of its own by way of a relay of its own.</summary>
[TestClass(DisableParallelization = true)]
[Trait("needs", "packages")]
public sealed class LeaderElectionTests(OwnApiServerFixture fixture) : IClassFixture<OwnApiServerFixture>, IAsyncLifetime
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(0.5);

    // What a busy machine may add.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly List<Elector> electors = [];
    private readonly CancellationTokenSource watching = new();
    private KubernetesClient direct = null!;
    private string ns = "";
    private int twoLeaders;
    private int samples;
    private Thread? sampler;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        direct = await fixture.Server.ClientAsync();
        ns = (await ScratchNamespace.CreateAsync(direct)).Name;
        electors.Add(await ElectorAsync("a"));
        await UntilAsync(() => electors[0].Election.Leading, Slack);
        electors.Add(await ElectorAsync("b"));
        sampler = new(Sample) { IsBackground = true };
        sampler.Start();
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_gives_up_before_another_takes_over()
    {
        var (a, b) = (electors[0], electors[1]);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        Assert.Equal("a", b.Election.Leader);
        a.Relay.Silence();
        var took = await UntilAsync(() => b.Election.Leading, LeaseDuration + RetryPeriod + Slack);
        Assert.True(took > LeaseDuration / 3, $"taken after {took}, while it was still renewed");
        Assert.False(a.Election.Leading);
        var refused = await Assert.ThrowsAsync<KubernetesException>(
            () => Churn.CreateAsync(direct.Fenced(() => a.Election.Leading), ns, "late"));
        Assert.Equal(StatusReason.NotLeading, refused.Reason);
        a.Relay.Speak();
        await UntilAsync(() => a.Election.Leader == "b", TimeSpan.FromSeconds(10));
        Assert.Equal(1, (await direct.GetAsync(Kinds.Lease, ns, "leader", Cancellation)).Spec.LeaseTransitions);
        NeverTwo();
    }

    [Fact]
    public async Task A_leader_that_stops_hands_over_at_once_and_only_when_its_work_has_ended()
    {
        var (a, b) = (electors[0], electors[1]);
        await UntilAsync(() => b.Election.Leader == "a", Slack);
        await a.StopAsync();
        var took = await UntilAsync(() => b.Election.Leading, RetryPeriod + Slack);
        Assert.True(took < LeaseDuration, $"taken after {took}");
        NeverTwo();
    }

    [Fact]
    public async Task Leaders_that_are_cut_off_in_turn_are_never_two()
    {
        for (var i = 0; i < 4; i++)
        {
            var (leading, other) = electors[0].Election.Leading ? (electors[0], electors[1]) : (electors[1], electors[0]);
            leading.Relay.Refuse();
            await UntilAsync(() => other.Election.Leading, LeaseDuration + RetryPeriod + Slack);
            leading.Relay.Allow();
            await UntilAsync(() => leading.Election.Leader == other.Identity, TimeSpan.FromSeconds(20));
        }

        NeverTwo();
        Assert.Equal(5, electors.Sum(elector => elector.Terms.Count));
    }

    [Fact]
    public async Task With_the_server_gone_nobody_leads_and_with_it_back_one_does()
    {
        await fixture.Server.KillAsync();
        await UntilAsync(() => electors.TrueForAll(elector => !elector.Election.Leading), LeaseDuration);
        fixture.Server.StartAgain();
        (await fixture.Server.ClientAsync()).Dispose();
        await UntilAsync(() => electors.Exists(elector => elector.Election.Leading), TimeSpan.FromSeconds(10));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        NeverTwo();
    }

    public async ValueTask DisposeAsync()
    {
        await watching.CancelAsync();
        sampler?.Join();
        foreach (var elector in electors)
        {
            await elector.DisposeAsync();
        }

        direct?.Dispose();
        watching.Dispose();
    }

    private async Task<Elector> ElectorAsync(string identity)
    {
        var relay = new Relay(fixture.Server.Address);
        return new(await fixture.Server.ClientAsync(relay), relay, new()
        {
            Namespace = ns,
            Name = "leader",
            Identity = identity,
            LeaseDuration = LeaseDuration,
            RenewDeadline = TimeSpan.FromSeconds(2),
            RetryPeriod = RetryPeriod,
        });
    }

    private void Sample()
    {
        while (!watching.IsCancellationRequested)
        {
            twoLeaders += electors.TrueForAll(elector => elector.Election.Leading) ? 1 : 0;
            samples++;
            Thread.Sleep(2);
        }
    }

    private void NeverTwo()
    {
        Assert.True(samples > 100, $"only {samples} looks");
        Assert.Equal(0, twoLeaders);
        var terms = electors.SelectMany(elector => elector.Terms).OrderBy(term => term.Began).ToList();
        Assert.All(
            terms.Zip(terms.Skip(1)),
            pair => Assert.True(pair.First.Ended <= pair.Second.Began, $"{pair.First} and {pair.Second} overlap"));
    }

    private static async Task<TimeSpan> UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < limit, $"not within {limit}");
            await Task.Delay(5, Cancellation);
        }

        return waited.Elapsed;
    }

    private sealed record Term(string Identity, long Began)
    {
        public long Ended { get; set; } = long.MaxValue;
    }

    private sealed class Elector : IAsyncDisposable
    {
        private readonly KubernetesClient client;
        private readonly CancellationTokenSource stopping = new();
        private readonly Task running;

        public Elector(KubernetesClient client, Relay relay, LeaderElectionOptions options)
        {
            (this.client, Relay, Identity) = (client, relay, options.Identity);
            Election = new(client, options);
            running = Election.RunAsync(LeadAsync, stopping.Token);
        }

        public Relay Relay { get; }

        public string Identity { get; }

        public LeaderElection Election { get; }

        public ConcurrentQueue<Term> Terms { get; } = new();

        public async Task StopAsync()
        {
            await stopping.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            client.Dispose();
            stopping.Dispose();
            await Relay.DisposeAsync();
        }

        private async Task LeadAsync(CancellationToken cancellation)
        {
            var term = new Term(Identity, Stopwatch.GetTimestamp());
            Terms.Enqueue(term);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            term.Ended = Stopwatch.GetTimestamp();
        }
    }
}
