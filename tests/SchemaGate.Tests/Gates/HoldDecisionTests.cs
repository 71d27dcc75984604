using SchemaGate.Core;
using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class HoldDecisionTests
{
    [Fact]
    public void A_new_revision_is_held_until_it_is_judged() =>
        Assert.Equal(("shop", Reasons.AwaitingDecision), Held(HoldDecision.Decide(New, [], Known(Shop))));

    [Theory]
    [InlineData(Enforcement.Pods, true, Enforcement.Pods)]
    [InlineData(Enforcement.Pods, false, Enforcement.Hold)]
    [InlineData(Enforcement.Hold, true, Enforcement.Hold)]
    [InlineData(Enforcement.Deny, true, Enforcement.Deny)]
    public void What_a_gate_does_about_it_is_its_own_to_say_but_pods_are_held_only_where_they_are_asked_about(
        Enforcement enforcement, bool holdsPods, Enforcement by) => Assert.Equal(
            by, Assert.IsType<HoldOutcome.Held>(HoldDecision.Decide(
                New with { HoldsPods = holdsPods }, [], Known(Shop with { Enforcement = enforcement }))).By);

    [Theory]
    [InlineData(Enforcement.Deny, Enforcement.Hold, "shop")]
    [InlineData(Enforcement.Hold, Enforcement.Pods, "shop")]
    [InlineData(Enforcement.Pods, Enforcement.Deny, "billing")]
    [InlineData(Enforcement.Observe, Enforcement.Pods, "billing")]
    public void Of_several_gates_the_strictest_counts(Enforcement shop, Enforcement billing, string by)
    {
        Workload both = New with { Requires = $"{New.Requires},billing=x:1", HoldsPods = true };
        Assert.Equal(by, Assert.IsType<HoldOutcome.Held>(HoldDecision.Decide(
            both, [], Known(Shop with { Enforcement = shop }, Billing with { Enforcement = billing }))).Gate);
    }

    [Fact]
    public void A_released_revision_passes() => Passes(HoldDecision.Decide(New with { Record = Record() }, [], Known(Shop)));

    [Fact]
    public void A_release_on_a_revision_of_the_same_template_counts() =>
        Passes(HoldDecision.Decide(New, [new("shop-1", "t1", New.Requires, Active: false, Record())], Known(Shop)));

    [Fact]
    public void A_release_on_a_revision_of_another_template_does_not_count() =>
        Held(HoldDecision.Decide(New, [new("shop-1", "t0", New.Requires, Active: true, Record())], Known(Shop)));

    [Fact]
    public void A_release_of_another_requirement_does_not_count() =>
        Held(HoldDecision.Decide(New with { Record = Record(requirement: "other:1") }, [], Known(Shop)));

    [Fact]
    public void What_runs_passes_whatever_else_is_wrong()
    {
        Revision[] running = [new("shop-1", "t1", null, Active: true, null)];
        Passes(HoldDecision.Decide(New with { Requires = null, TemplateGated = false }, running, Known()));
        Passes(HoldDecision.Decide(New, running, Known(Shop with { Suspend = true })));
    }

    [Fact]
    public void What_is_not_gated_passes() => Passes(HoldDecision.Decide(New with { Gated = false, Requires = null }, [], Known()));

    [Fact]
    public void A_gate_that_does_not_exist_holds_what_is_new_and_lets_what_is_released_pass()
    {
        Assert.Equal(("shop", Reasons.GateNotFound), Held(HoldDecision.Decide(New, [], Known())));
        Passes(HoldDecision.Decide(New with { Record = Record() }, [], Known()));
    }

    [Fact]
    public void A_release_in_another_database_does_not_count()
    {
        Workload released = New with { Record = Record(identity: "9/shop/public") };
        Assert.Equal(("shop", Reasons.DatabaseChanged), Held(HoldDecision.Decide(released, [], Known(Shop))));
        // Nor does any where nothing is known of this one: it may be another.
        Assert.Equal(("shop", Reasons.AwaitingDecision), Held(HoldDecision.Decide(released, [], Known(Shop with { Identity = null }))));
    }

    [Fact]
    public void A_gate_that_observes_holds_nothing() =>
        Passes(HoldDecision.Decide(New, [], Known(Shop with { Enforcement = Enforcement.Observe })));

    [Fact]
    public void A_suspended_gate_holds_nothing_more_and_lets_nothing_held_go()
    {
        GateView suspended = Shop with { Suspend = true };
        Passes(HoldDecision.Decide(New, [], Known(suspended)));
        Held(HoldDecision.Decide(New with { Paused = true, Hold = Noted() }, [], Known(suspended)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shop=a b")]
    [InlineData("shop=x:1,shop=x:2")]
    public void A_requirement_that_cannot_be_read_is_refused(string? requires) => Assert.Equal(
        Reasons.RequirementInvalid, Refused(HoldDecision.Decide(New with { Requires = requires }, [], Known(Shop))));

    [Fact]
    public void A_template_without_the_label_is_refused() => Assert.Equal(
        Reasons.RequirementInvalid, Refused(HoldDecision.Decide(New with { TemplateGated = false }, [], Known(Shop))));

    [Theory]
    [InlineData(PolicyMode.Warn)]
    [InlineData(PolicyMode.Ignore)]
    public void A_gate_without_a_requirement_is_refused_unless_its_policy_allows_it(PolicyMode mode)
    {
        Workload unpinned = New with { Requires = "shop" };
        Assert.Equal(Reasons.RequirementUnpinned, Refused(HoldDecision.Decide(unpinned, [], Known(Shop))));
        Assert.Equal(Reasons.RequirementUnpinned, Refused(HoldDecision.Decide(unpinned, [], Known())));
        Held(HoldDecision.Decide(unpinned, [], Known(Shop with { Unpinned = mode })));
        Passes(HoldDecision.Decide(unpinned with { Record = Record() }, [], Known(Shop with { Unpinned = mode })));
    }

    [Fact]
    public void Every_gate_that_is_named_must_agree()
    {
        Workload two = New with { Requires = $"{New.Requires},billing=x:1", Record = Record() };
        Assert.Equal(("billing", Reasons.AwaitingDecision), Held(HoldDecision.Decide(two, [], Known(Shop, Billing))));
        Passes(HoldDecision.Decide(two with { Record = Record().With(BillingRelease) }, [], Known(Shop, Billing)));
    }

    private static void Passes(HoldOutcome outcome) => Assert.IsType<HoldOutcome.Pass>(outcome);

    private static (string? Gate, string Reason) Held(HoldOutcome outcome)
    {
        HoldOutcome.Held held = Assert.IsType<HoldOutcome.Held>(outcome);
        return (held.Gate, held.Why.Reason);
    }

    private static string Refused(HoldOutcome outcome)
    {
        return Assert.IsType<HoldOutcome.Refused>(outcome).Why.Reason;
    }
}
