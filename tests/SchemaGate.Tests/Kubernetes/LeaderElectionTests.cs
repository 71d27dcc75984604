using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Leadership;

namespace SchemaGate.Tests.Kubernetes;

public sealed class LeaderElectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly List<Elector> electors = [];
    private FakeLeaseServer server = null!;

    public async ValueTask InitializeAsync() => server = await FakeLeaseServer.StartAsync();

    [Fact]
    public async Task The_first_creates_the_lease_and_leads()
    {
        var a = Stand("a");
        await LeadsAsync(a);
        Assert.Equal(("a", 15, 0), Record());
        Assert.Equal(["a"], a.Leaders, StringComparer.Ordinal);
        Assert.True(a.Inside);
    }

    [Fact]
    public async Task Another_waits_while_the_lease_is_renewed_and_sees_who_leads()
    {
        var (a, b) = (Stand("a"), Stand("b", after: true));
        await LeadsAsync(a);
        await PassAsync(60 * Second, a, b);
        Assert.True(a.Election.Leading);
        Assert.False(b.Election.Leading);
        Assert.Equal("a", b.Election.Leader);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_live_lease_is_left_alone_however_wrong_the_clocks_are(int hours)
    {
        var a = Stand("a");
        await LeadsAsync(a);
        var b = Stand("b", wrong: TimeSpan.FromHours(hours));
        await PassAsync(60 * Second, a, b);
        Assert.False(b.Election.Leading);
        Assert.Equal("a", Record().Holder);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_dead_lease_is_taken_after_its_duration_and_not_before(int hours)
    {
        server.Write(
            """{"holderIdentity":"dead","leaseDurationSeconds":15,"leaseTransitions":7,"renewTime":"2024-12-24T10:00:00.000000Z"}""");
        var b = Stand("b", wrong: TimeSpan.FromHours(hours));
        await PassAsync(14 * Second, b);
        Assert.False(b.Election.Leading);
        await PassAsync(3 * Second, b);
        Assert.True(b.Election.Leading);
        Assert.Equal(("b", 15, 8), Record());
    }

    [Fact]
    public async Task The_holders_own_duration_counts()
    {
        server.Write("""{"holderIdentity":"slow","leaseDurationSeconds":60}""");
        var b = Stand("b");
        await PassAsync(58 * Second, b);
        Assert.False(b.Election.Leading);
        await PassAsync(5 * Second, b);
        Assert.True(b.Election.Leading);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"holderIdentity":"","leaseDurationSeconds":1,"leaseTransitions":3}""")]
    public async Task A_lease_that_nobody_holds_is_taken_at_once(string spec)
    {
        server.Write(spec);
        await LeadsAsync(Stand("a"));
        Assert.Equal("a", Record().Holder);
    }

    [Fact]
    public async Task A_holder_without_a_duration_has_ones_own()
    {
        server.Write("""{"holderIdentity":"odd"}""");
        var b = Stand("b");
        await PassAsync(14 * Second, b);
        Assert.False(b.Election.Leading);
        await PassAsync(3 * Second, b);
        Assert.True(b.Election.Leading);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_ends_before_another_begins()
    {
        var (a, b) = (Stand("a"), Stand("b", after: true));
        await LeadsAsync(a);
        server.Fault = request => request.Method == "PUT" ? (503, "") : null;
        await PassAsync(9 * Second, a, b);
        Assert.True(a.Election.Leading);
        await PassAsync(2 * Second, a, b);
        Assert.False(a.Election.Leading || a.Inside || b.Election.Leading);
        Assert.Equal(["a", null], a.Leaders, StringComparer.Ordinal);
        server.Fault = _ => null;
        await PassAsync(6 * Second, b);
        Assert.True(b.Election.Leading);
        Assert.Contains(a.Failures, failure => failure is KubernetesException { Reason: StatusReason.ServiceUnavailable });
    }

    [Fact]
    public async Task A_paused_process_does_not_lead_when_it_wakes_and_no_timer_has_fired_yet()
    {
        var (a, b) = (Stand("a"), Stand("b", after: true));
        await LeadsAsync(a);
        await PassAsync(4 * Second, a, b);
        await PassAsync(20 * Second, b);
        Assert.True(b.Election.Leading);
        a.Time.Sleep(20 * Second);
        Assert.False(a.Election.Leading);
        Assert.True(a.Inside);
        await PassAsync(4 * Second, a, b);
        Assert.False(a.Inside);
        Assert.Equal(["a", null, "b"], a.Leaders, StringComparer.Ordinal);
        Assert.Equal(("b", 15, 1), Record());
    }

    [Fact]
    public async Task A_lease_that_another_took_ends_the_term_at_the_next_look()
    {
        var a = Stand("a");
        await LeadsAsync(a);
        server.Write("""{"holderIdentity":"thief","leaseDurationSeconds":15}""");
        await PassAsync(3 * Second, a);
        Assert.False(a.Election.Leading || a.Inside);
        Assert.Equal("thief", a.Election.Leader);
    }

    [Fact]
    public async Task A_deleted_lease_is_made_again_by_its_holder_and_taken_by_no_one_who_saw_it_held()
    {
        var (a, b) = (Stand("a"), Stand("b", after: true));
        await LeadsAsync(a);
        await PassAsync(4 * Second, a, b);
        var acquired = (string?)server.Spec!["acquireTime"];
        server.Write(null);
        await PassAsync(4 * Second, b);
        Assert.False(b.Election.Leading);
        await PassAsync(4 * Second, a, b);
        Assert.True(a.Election.Leading);
        Assert.Equal(("a", 15, 0), Record());
        Assert.Equal(acquired, (string?)server.Spec!["acquireTime"]);
    }

    [Fact]
    public async Task A_write_of_an_old_version_is_no_renewal_and_the_next_one_is()
    {
        var a = Stand("a");
        await LeadsAsync(a);
        // Somebody annotates the lease between the elector's read and its write, twice.
        var races = 2;
        server.Fault = request =>
        {
            if (request.Method == "PUT" && races-- > 0)
            {
                server.Write(server.Spec!.ToJsonString());
            }

            return null;
        };
        await PassAsync(30 * Second, a);
        Assert.True(a.Election.Leading && races <= 0);
        Assert.Empty(a.Failures);
        Assert.Equal(("a", 15, 0), Record());
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"spec":{"holderIdentity":5}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"spec":{"renewTime":"yesterday"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"spec":{"holderIdentity":"b"}}""")]
    public async Task An_answer_that_is_no_lease_makes_no_leader(string answer)
    {
        server.Fault = _ => (200, answer);
        var a = Stand("a");
        await PassAsync(10 * Second, a);
        Assert.False(a.Election.Leading || a.Inside);
        server.Fault = _ => null;
        await PassAsync(20 * Second, a);
        Assert.True(a.Election.Leading);
    }

    [Fact]
    public async Task Stopping_keeps_the_lease_until_the_work_has_ended_and_hands_over_at_once()
    {
        var finish = new TaskCompletionSource();
        var (a, b) = (Stand("a", finish.Task), Stand("b", after: true));
        await LeadsAsync(a);
        await a.Stopping.CancelAsync();
        await PassAsync(40 * Second, a, b);
        Assert.True(a.Election.Leading);
        Assert.Equal("a", Record().Holder);
        finish.SetResult();
        await a.Running!;
        Assert.False(a.Election.Leading);
        Assert.Equal(("", 1, 0), Record());
        await PassAsync(2 * Second, b);
        await LeadsAsync(b);
        Assert.Equal(("b", 15, 1), Record());
    }

    [Fact]
    public async Task Work_that_ends_by_itself_gives_the_lease_up_and_stands_again()
    {
        var a = Stand("a", Task.CompletedTask);
        await PassAsync(20 * Second, a);
        Assert.InRange(a.Terms, 2, 25);
        await a.Stopping.CancelAsync();
        await a.Running!;
        Assert.Equal("", Record().Holder);
    }

    [Fact]
    public async Task Work_that_fails_is_reported_and_stands_again()
    {
        var a = Stand("a", Task.FromException(new InvalidOperationException("on purpose")));
        await PassAsync(20 * Second, a);
        Assert.True(a.Terms > 1);
        Assert.All(a.Failures, failure => Assert.IsType<InvalidOperationException>(failure));
        Assert.NotEmpty(a.Failures);
    }

    [Fact]
    public void Durations_that_cannot_work_are_refused()
    {
        LeaderElectionOptions options = new() { Namespace = "n", Name = "leader", Identity = "a" };
        Assert.All<LeaderElectionOptions>(
            [
                options with { Identity = "" },
                options with { LeaseDuration = TimeSpan.FromSeconds(15.5) },
                options with { RenewDeadline = 15 * Second },
                options with { RetryPeriod = 10 * Second },
                options with { RetryPeriod = TimeSpan.Zero },
            ],
            wrong => Assert.Throws<ArgumentException>(() => new LeaderElection(null!, wrong)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var elector in electors)
        {
            await elector.DisposeAsync();
        }

        await server.DisposeAsync();
    }

    private Elector Stand(string identity, Task? work = null, TimeSpan wrong = default, bool after = false)
    {
        var elector = new Elector(server.Client(), identity, work, new(wrong));
        electors.Add(elector);
        if (!after)
        {
            elector.Start();
        }

        return elector;
    }

    /// <summary>Small steps, and between two of them the time that the requests take.</summary>
    private async Task PassAsync(TimeSpan by, params Elector[] passing)
    {
        Array.ForEach(passing, elector => elector.Start());
        var step = TimeSpan.FromMilliseconds(500);
        for (var passed = TimeSpan.Zero; passed < by; passed += step)
        {
            await SettleAsync();
            Array.ForEach(passing, elector => elector.Time.Advance(step));
        }

        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        for (var idle = 0; idle < 2;)
        {
            await Task.Delay(4, TestContext.Current.CancellationToken);
            idle = server.Idle ? idle + 1 : 0;
        }
    }

    private static async Task LeadsAsync(Elector elector)
    {
        for (var i = 0; i < 500 && !(elector.Election.Leading && elector.Inside); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(elector.Election.Leading && elector.Inside);
    }

    private (string? Holder, int? Seconds, int? Transitions) Record() =>
        ((string?)server.Spec?["holderIdentity"], (int?)server.Spec?["leaseDurationSeconds"], (int?)server.Spec?["leaseTransitions"]);
}
