using SchemaGate.Core;
using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class VerdictDecisionTests
{
    private const string Other = "registry.test/shop/schema:2";

    private static readonly Requirement s_own = new("shop", Given.Reference);
    private static readonly Requirement s_other = new("shop", Other);
    private static readonly GateStanding s_blocked = new(
        Shop, Given.Reference, Current: true, Verdict.Blocked, Reasons.MigrationsPending, "1 of 2 migrations is not applied.", Given.Digest,
        Given.M(2), []);

    private static Release Own { get; } = Given.Release(through: Given.M(2));

    private static GateStanding With(params Release[] released) => s_blocked with { Released = released };

    private static (bool, string) Decide(Requirement requirement, GateStanding? gate, params Workload[] workloads)
    {
        VerdictAnswer answer = VerdictDecision.Decide(requirement, gate, workloads);
        Assert.NotEmpty(answer.Message);
        return (answer.Released, answer.Reason);
    }

    [Fact]
    public void A_release_in_the_gate_s_database_counts_while_the_gate_is_blocked()
    {
        Assert.Equal((true, Reasons.Satisfied), Decide(s_own, With(Own)));
        Assert.Equal((true, Reasons.Satisfied), Decide(s_other, With(Given.Release(Other, digest: null))));
    }

    [Fact]
    public void A_gate_that_does_not_exist_keeps_waiting() => Assert.Equal((false, Reasons.GateNotFound), Decide(s_own, null));

    [Fact]
    public void A_release_of_another_requirement_or_gate_does_not_count()
    {
        Assert.Equal((false, Reasons.RequirementUnknown), Decide(s_other, With(Own)));
        Assert.Equal((false, Reasons.RequirementUnknown), Decide(s_other, With(Given.Release(Other) with { Gate = "billing" })));
    }

    [Fact]
    public void A_release_in_another_database_does_not_count() =>
        Assert.Equal((false, Reasons.DatabaseChanged), Decide(s_other, With(Given.Release(Other, identity: "9/shop/public"))));

    [Fact]
    public void Nothing_counts_while_the_gate_s_database_is_unknown()
    {
        GateStanding unread = With(Own) with { View = Shop with { Identity = null } };
        Assert.Equal((false, Reasons.DatabaseChanged), Decide(s_own, unread));
        Assert.False(Decide(s_other, unread with { Released = [Given.Release(Other) with { Identity = null }] }).Item1);
    }

    [Fact]
    public void A_release_that_the_history_contradicts_does_not_count() =>
        Assert.Equal(
            (false, Reasons.HistoryRegressed), Decide(s_other, With(Given.Release(Other) with { Reason = Reasons.HistoryRegressed })));

    [Fact]
    public void What_ran_when_the_gate_came_proves_nothing_to_others() =>
        Assert.Equal((false, Reasons.RequirementUnknown), Decide(s_other, With(Given.Release(Other) with { Reason = Reasons.Adopted })));

    [Fact]
    public void A_tag_that_has_moved_counts_by_what_it_is_now() =>
        Assert.Equal((false, Reasons.MigrationsPending), Decide(s_own, With(Own with { Digest = "sha256:older" })));

    [Fact]
    public void A_release_from_when_less_was_required_does_not_count() =>
        Assert.Equal((false, Reasons.MigrationsPending), Decide(s_own, With(Own with { Through = Given.M(1) })));

    [Fact]
    public void A_gate_that_observes_keeps_nobody() =>
        Assert.Equal(
            (true, Reasons.NotEnforced), Decide(s_other, s_blocked with { View = Shop with { Enforcement = Enforcement.Observe } }));

    [Fact]
    public void A_suspended_gate_lets_go_only_what_was_released()
    {
        GateView suspended = Shop with { Suspend = true };
        Assert.Equal((false, Reasons.Suspended), Decide(s_own, s_blocked with { View = suspended }));
        Assert.Equal((true, Reasons.Satisfied), Decide(s_own, With(Own) with { View = suspended }));
    }

    [Fact]
    public void The_gate_s_own_image_waits_for_what_the_gate_waits_for()
    {
        Assert.Equal((false, Reasons.MigrationsPending), Decide(s_own, s_blocked));
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(s_own, s_blocked with { Current = false }));
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(s_own, s_blocked with { Reason = null, Verdict = Verdict.Unknown }));
    }

    [Fact]
    public void Without_a_requirement_the_gate_s_image_is_meant_where_the_policy_allows_it()
    {
        Requirement unpinned = new("shop", null);
        GateStanding allowing = With(Own) with { View = Shop with { Unpinned = PolicyMode.Warn } };
        Assert.Equal((false, Reasons.RequirementUnpinned), Decide(unpinned, With(Own)));
        Assert.Equal((true, Reasons.Satisfied), Decide(unpinned, allowing));
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(unpinned, allowing with { Current = false }));
    }

    [Fact]
    public void A_held_workload_tells_why_its_requirement_is_not_released()
    {
        Workload held = New with { Requires = $"shop={Other}", Hold = Noted() };
        Assert.Equal((false, Reasons.MigrationsPending), Decide(s_other, With(), held));
        Assert.Equal("1 of 2 migrations is not applied.", VerdictDecision.Decide(s_other, With(), [held]).Message);
    }

    [Fact]
    public void A_hold_of_another_template_or_by_another_gate_says_nothing()
    {
        Workload asking = New with { Requires = $"shop={Other}" };
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(s_other, With(), asking));
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(s_other, With(), asking with { Hold = Noted(template: "t0") }));
        Assert.Equal((false, Reasons.AwaitingDecision), Decide(
            s_other, With(), asking with { Hold = Noted() with { Message = "billing: closed." } }));
    }
}
