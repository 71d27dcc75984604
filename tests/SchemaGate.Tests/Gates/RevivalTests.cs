using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

/// <summary>Three revisions in the order of their creation, none with a pod, of a Deployment that comes back from zero.</summary>
public sealed class RevivalTests
{
    private static readonly Revision s_first = Made(1) with { Record = Record(template: "t1") };
    private static readonly Revision s_second = Made(2);
    private static readonly Workload s_third = New with { Template = "t3", Wanted = 2 };

    [Fact]
    public void What_ran_is_started_where_Kubernetes_would_scale_the_revision_that_is_held() =>
        Assert.Equal("shop-1", Revived(s_third, s_first, Made(3)));

    [Fact]
    public void What_ran_is_started_where_Kubernetes_would_scale_another_that_is_not_released() =>
        Assert.Equal("shop-1", Revived(s_third, s_first, s_second));

    [Fact]
    public void The_one_that_was_gone_back_to_last_is_what_ran() => Assert.Equal(
        "shop-1", Revived(s_third, s_first with { Number = 4 }, s_second with { Record = Record(template: "t2") }, Made(3)));

    [Fact]
    public void What_Kubernetes_scales_itself_is_left_to_it() =>
        Assert.Null(Revived(s_third, s_first, s_second with { Record = Record(template: "t2") }));

    [Fact]
    public void Nothing_is_started_at_zero_or_beside_what_runs_or_without_a_release()
    {
        Assert.Null(Revived(s_third with { Wanted = 0 }, s_first, Made(3)));
        Assert.Null(Revived(s_third, s_first with { Active = true }, Made(3)));
        Assert.Null(Revived(s_third, s_second, Made(3)));
        Assert.Null(Revived(s_third with { Brake = Brake.Refusal }, s_first, Made(3)));
    }

    [Fact]
    public void What_nobody_is_asked_about_is_scaled_by_Kubernetes() =>
        Assert.Null(Revived(s_third, s_first, s_second with { Requires = null }));

    [Fact]
    public void A_suspended_gate_holds_what_it_held_so_what_ran_is_started()
    {
        Workload held = s_third with { Hold = Noted(template: "t3") };
        Assert.Equal("shop-1", Revived(Shop with { Suspend = true }, held, s_first, Made(3)));
    }

    [Fact]
    public void Where_pods_wait_the_controller_goes_on_and_nothing_is_started_against_it()
    {
        Workload waiting = s_third with { HoldsPods = true, Recreates = true };
        Assert.Null(Revived(Shop with { Enforcement = Enforcement.Pods }, waiting, s_first, Made(3)));
    }

    private static Revision Made(int number) => new($"shop-{number}", $"t{number}", New.Requires, Active: false, null)
    {
        Made = DateTime.UnixEpoch.AddDays(number),
        Number = number,
    };

    private static string? Revived(Workload workload, params Revision[] revisions) => Revived(Shop, workload, revisions);

    private static string? Revived(GateView gate, Workload workload, params Revision[] revisions) => WorkloadPlan.For(
        workload, revisions, "shop", Known(gate), outcome: null, state: null, isStale: false, Given.Now)
        .Actions.OfType<WorkloadAction.Revive>().SingleOrDefault()?.Revision;
}
