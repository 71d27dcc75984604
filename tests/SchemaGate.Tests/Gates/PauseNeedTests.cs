using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class PauseNeedTests
{
    private static readonly Revision s_old = new("shop-0", "t0", New.Requires, Active: true, null) { Pods = new(2, 2, 2) };

    [Fact]
    public void A_rolling_update_whose_revision_is_not_born_needs_none()
    {
        Assert.False(PauseNeed.Of(New, []));
        Assert.False(PauseNeed.Of(New, [s_old]));
    }

    [Fact]
    public void The_old_pods_of_a_recreated_workload_would_go_first() => Assert.True(PauseNeed.Of(New with { Recreates = true }, [s_old]));

    [Fact]
    public void A_revision_that_is_born_already_cannot_be_refused() =>
        Assert.True(PauseNeed.Of(New, [s_old, new("shop-1", "t1", New.Requires, Active: false, null)]));

    [Fact]
    public void From_zero_a_paused_workload_scales_its_latest_revision()
    {
        Revision idle = s_old with { Active = false, Pods = default };
        Assert.True(PauseNeed.Of(New with { Wanted = 2 }, [idle]));
        Assert.False(PauseNeed.Of(New with { Wanted = 0 }, [idle]));
        Assert.False(PauseNeed.Of(New with { Wanted = 2 }, [s_old, idle]));
    }

    [Fact]
    public void A_status_is_stale_that_is_not_its_revisions_sum()
    {
        Revision other = s_old with { Name = "shop-2", Pods = new(1, 1, 0) };
        Assert.False(PauseNeed.IsStale(New with { Reported = new(3, 3, 2) }, [s_old, other]));
        Assert.True(PauseNeed.IsStale(New with { Reported = new(3, 3, 3) }, [s_old, other]));
        Assert.True(PauseNeed.IsStale(New with { Reported = new(2, 2, 2) }, []));
    }
}
