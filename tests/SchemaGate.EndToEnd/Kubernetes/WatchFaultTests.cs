using System.Diagnostics;
using SchemaGate.Kubernetes;

namespace SchemaGate.EndToEnd.Kubernetes;

/// <summary>
/// An informer and a real API server of its own, through what goes wrong between them;
/// each ends with the cache equal to the list.
/// </summary>
[TestClass(DisableParallelization = true)]
[Trait("needs", "packages")]
public sealed class WatchFaultTests(OwnApiServerFixture fixture) : IClassFixture<OwnApiServerFixture>, IAsyncLifetime
{
    private KubernetesClient direct = null!;
    private KubernetesClient relayed = null!;
    private Relay relay = null!;
    private string ns = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        direct = await fixture.Server.ClientAsync();
        relay = new(fixture.Server.Address);
        relayed = await fixture.Server.ClientAsync(relay);
        ns = (await ScratchNamespace.CreateAsync(direct)).Name;
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_while_much_changes()
    {
        await using var followed = await FollowedConfigMaps.StartAsync(relayed, ns);
        using var ending = new CancellationTokenSource();
        var churn = new Churn(direct, ns, names: 40, seed: 8);
        var churning = churn.RunAsync(ending.Token);
        for (var i = 0; i < 2; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
            await fixture.Server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            Assert.NotEqual(TimeSpan.Zero, followed.Informer.Staleness);
            fixture.Server.StartAgain();
            (await fixture.Server.ClientAsync()).Dispose();
        }

        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await ending.CancelAsync();
        await churning;
        Assert.True(churn.Written > 200, $"only {churn.Written} changes");
        Assert.NotEmpty(followed.Failures);
        await followed.AgreesAsync(direct);
        Assert.Equal(TimeSpan.Zero, followed.Informer.Staleness);
    }

    [Fact]
    public async Task A_version_that_etcd_has_compacted_is_listed_anew_and_what_was_deleted_meanwhile_is_gone()
    {
        await Churn.CreateAsync(direct, ns, "deleted");
        await using var followed = await FollowedConfigMaps.StartAsync(relayed, ns);
        relay.Refuse();
        await direct.DeleteAsync(FollowedConfigMaps.Type, ns, "deleted", cancellation: Cancellation);
        await new Churn(direct, ns, names: 40, seed: 9).RunAsync(300);
        await fixture.Server.CompactAsync();
        // A server that goes on still remembers what etcd has forgotten.
        await fixture.Server.KillAsync();
        fixture.Server.StartAgain();
        (await fixture.Server.ClientAsync()).Dispose();
        Assert.NotNull(followed.Informer.Get(ns, "deleted"));
        relay.Allow();
        await followed.AgreesAsync(direct);
        Assert.Null(followed.Informer.Get(ns, "deleted"));
        Assert.Contains(followed.Failures, failure => failure is KubernetesException { Reason: StatusReason.Expired or StatusReason.Gone });
    }

    [Fact]
    public async Task A_deletion_during_an_outage_is_told_after_it_and_the_list_is_not_read_again()
    {
        await Churn.CreateAsync(direct, ns, "deleted");
        await using var followed = await FollowedConfigMaps.StartAsync(relayed, ns);
        relay.Refuse();
        await direct.DeleteAsync(FollowedConfigMaps.Type, ns, "deleted", cancellation: Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        Assert.NotNull(followed.Informer.Get(ns, "deleted"));
        relay.Allow();
        await followed.AgreesAsync(direct);
        Assert.Null(followed.Informer.Get(ns, "deleted"));
        Assert.All(
            followed.Failures,
            failure => Assert.Equal(StatusReason.Unreachable, Assert.IsType<KubernetesException>(failure).Reason));
    }

    [Fact]
    public async Task A_watch_that_is_cut_every_half_second()
    {
        await using var followed = await FollowedConfigMaps.StartAsync(relayed, ns);
        using var ending = new CancellationTokenSource();
        var churn = new Churn(direct, ns, names: 40, seed: 10);
        var churning = churn.RunAsync(ending.Token);
        for (var cuts = 0; cuts < 40; cuts++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), Cancellation);
            relay.Reset();
        }

        await ending.CancelAsync();
        await churning;
        Assert.True(churn.Written > 300, $"only {churn.Written} changes");
        Assert.True(followed.Failures.Count > 20, $"only {followed.Failures.Count} cuts were seen");
        await followed.AgreesAsync(direct);
    }

    [Fact]
    public async Task Five_thousand_objects_that_change_through_cuts_and_a_restart()
    {
        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (i, _) => await Churn.CreateAsync(direct, ns, $"m{i}"));
        var reading = Stopwatch.StartNew();
        await using var followed = await FollowedConfigMaps.StartAsync(relayed, ns);
        Assert.True(reading.Elapsed < TimeSpan.FromSeconds(20), $"the first list took {reading.Elapsed}");
        Assert.Equal(5000, followed.Informer.List(ns).Count);
        var churn = new Churn(direct, ns, names: 5000, seed: 11);
        await churn.RunAsync(500);
        relay.Refuse();
        await churn.RunAsync(500);
        await fixture.Server.KillAsync();
        fixture.Server.StartAgain();
        (await fixture.Server.ClientAsync()).Dispose();
        relay.Allow();
        await churn.RunAsync(500);
        Assert.True(churn.Written > 1000, $"only {churn.Written} changes");
        await followed.AgreesAsync(direct);
    }

    public async ValueTask DisposeAsync()
    {
        relayed?.Dispose();
        direct?.Dispose();
        await (relay?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
