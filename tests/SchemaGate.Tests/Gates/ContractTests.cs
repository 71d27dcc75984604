using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRehearsals;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>Migrations that break statements of running code: who waits for whom, and for how long.</summary>
public sealed class ContractTests
{
    private const string Older = "registry.test/shop/schema:0";

    private static readonly RunningCode Old = new("deployment/shop revision 4", Older, 2) { Next = Older };

    [Fact]
    public void While_older_code_runs_it_waits_and_says_for_whom()
    {
        Decision decision = Decide(Breaks(Old));
        Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Reconciling).Status);
        Assert.Contains("deployment/shop revision 4 (2 pods)", decision.Message, StringComparison.Ordinal);
        Assert.Contains("`SELECT email FROM users` (1200 calls)", decision.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), decision.RecheckAfter);
    }

    [Fact]
    public void When_the_last_old_pod_is_gone_it_runs_by_itself()
    {
        Decision decision = Decide(Breaks());
        Started(decision);
        Assert.Equal(Reasons.StatementsBroken, decision.Condition(GateConditions.RunningCodeSurvives).Reason);
    }

    [Fact]
    public void Nobody_who_does_not_know_which_pods_run_takes_them_for_gone() =>
        Assert.Equal(Reasons.ContractWaits, Decide(Breaks() with { RunningCode = null }).Reason);

    [Fact]
    public void Code_that_was_written_for_it_is_not_waited_for()
    {
        Started(Decide(Breaks(Old with { Requires = M(3) })));
        Release here = Release(Older, digest: "sha256:2", through: M(3));
        Started(Decide(Breaks(Old) with { Released = [here] }));
        Assert.Equal(Reasons.ContractWaits, Decide(Breaks(Old) with { Released = [here with { Through = M(1) }] }).Reason);
        Assert.Equal(Reasons.ContractWaits, Decide(Breaks(Old with { Requires = M(2) })).Reason);
    }

    [Theory]
    [InlineData(Reference)]
    [InlineData("20240103000000_m3")]
    public void What_would_wait_for_ever_is_said_with_the_ways_out(string next)
    {
        Decision decision = Decide(Breaks(Old with { Next = next }));
        Assert.Equal((null, Reasons.ContractStuck), (decision.Action, decision.Reason));
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Stalled).Status);
        Assert.Contains($"its next revision requires {next}", decision.Message, StringComparison.Ordinal);
        Assert.Contains("two releases", decision.Message, StringComparison.Ordinal);
        Assert.Contains("spec.policy.contract to Warn", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_gates_that_wait_for_each_other_are_told_so()
    {
        Decision decision = Decide(Breaks(Old with { HeldBy = "billing" }));
        Assert.Equal(Reasons.ContractStuck, decision.Reason);
        Assert.Contains("held by the gate billing, which waits for running code likewise", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_that_holds_nothing_is_not_waited_for_by_anybody() => Assert.Equal(
        Reasons.ContractWaits,
        Decide(Breaks(Old with { Next = Reference }).With((GateSpec spec) => spec with { Enforcement = Enforcement.Observe })).Reason);

    [Theory]
    [InlineData(ContractMode.Warn)]
    [InlineData(ContractMode.Ignore)]
    public void Without_Wait_it_runs(ContractMode mode) =>
        Started(Decide(Breaks(Old).With((GatePolicy policy) => policy with { Contract = mode })));

    [Fact]
    public void Which_rollbacks_it_ends_is_said()
    {
        Decision decision = Decide(Breaks() with { Released = [Release(Older, digest: "sha256:2", through: M(1))] });
        Assert.Contains(
            $"no way back to {Older}.", decision.Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Block_keeps_it_from_running_whoever_approves()
    {
        GateInput input = Breaks().With((GatePolicy policy) => policy with { Breaks = PolicyMode.Block });
        string plan = Decide(input).Plan!.Hash!;
        Decision decision = Decide(input with { Run = input.Run! with { Approval = new(plan, "ann", Now) } });
        Assert.Equal((null, Reasons.StatementsBroken), (decision.Action, decision.Reason));
    }

    [Fact]
    public void What_has_been_applied_breaks_nothing_any_more()
    {
        GateInput input = Breaks(Old);
        RehearsalReport report = Breaking with { Statements = Breaking.Statements! with { BrokenBy = [M(2)] } };
        RehearsalEvidence rehearsal = Rehearsing(3, 1).Rehearsed(report).Run!.Rehearsal;
        Started(Decide((input with { Database = Rehearsing(3, 2).Database }).Rehearsals(rehearsal)));
    }

    [Fact]
    public void Where_nothing_was_proved_the_SQL_says_what_waits()
    {
        RiskFinding drops = new(
            "drop-column", RiskCategories.BreaksApplication, RiskSeverity.High, "It drops a column.", "", default, default,
            IsAssumed: false);
        MigrationRisk[] risks = [Risk(M(2), Compatibility.Safe), Risk(M(3), Compatibility.Risky, drops)];
        RehearsalReport hidden = Passed with { Statements = new(40, 0, 0, 3) { Unavailable = "12 statements are hidden." } };
        foreach (RehearsalReport report in (RehearsalReport[])[NoRight, hidden, Passed with { Statements = null }])
        {
            GateInput input = Rehearsing(3, 1).Judged(risks).Rehearsed(report) with { RunningCode = [Old] };
            Decision decision = Decide(input);
            Assert.Equal((null, Reasons.ContractWaits), (decision.Action, decision.Reason));
            Assert.StartsWith(
                $"{M(3)} may break running code by its SQL, which is not proved,", decision.Message, StringComparison.Ordinal);
            Assert.Equal(Reasons.ContractStuck, Decide(input with { RunningCode = [Old with { Next = Reference }] }).Reason);
            Assert.Equal(
                Reasons.ContractWaits, Decide(input.Judged(Risk(M(2), Compatibility.Unknown), Risk(M(3), Compatibility.Safe))).Reason);
            Assert.Equal(Reasons.ContractWaits, Decide(input.Judged(null)).Reason);
            Started(Decide(input.Judged(Risk(M(2), Compatibility.Safe), Risk(M(3), Compatibility.Safe))));
            Started(Decide(input with { RunningCode = [] }));
        }

        Started(Decide(Rehearsing(3, 1).Judged(risks).Rehearsed(Passed) with { RunningCode = [Old] }));
    }

    [Fact]
    public void Where_nothing_was_proved_older_code_that_is_not_waited_for_is_told()
    {
        RunningCode later = new("cronjob/nightly", Older, 0) { IsLater = true };
        GateInput input = Rehearsing(3, 1).Judged(null).Rehearsed(NoRight) with
        {
            RunningCode = [later],
            UnlistedCode = "nobody may.",
        };
        Decision begun = Decide(input);
        string message = begun.Condition(GateConditions.RunningCodeSurvives).Message;
        Assert.Contains("may break it. Makes pods later, and not waited for: cronjob/nightly.", message, StringComparison.Ordinal);
        Assert.Contains("Whether a CronJob makes such pods later is not known: nobody may.", message, StringComparison.Ordinal);
        Decision running = Decide(Rehearsing(3, 1).Judged(null).Having(Started(begun), Active(Started(begun)))
            .Rehearsals(new RehearsalEvidence(begun.Rehearsal, null)) with
        {
            RunningCode = [Old],
        });
        Assert.Contains(
            "While it is applied, deployment/shop revision 4 (2 pods) run code from before it.",
            running.Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
        message = Decide(input with { RunningCode = [], UnlistedCode = null }).Condition(GateConditions.RunningCodeSurvives).Message;
        Assert.DoesNotContain("By its SQL", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_of_the_gate_s_own_image_are_not_older_code()
    {
        Release adopted = Release(Reference, digest: null) with { Reason = Reasons.Adopted };
        RunningCode own = new("deployment/shop revision 5", Reference, 2) { Next = Reference };
        Started(Decide(Breaks(own) with { Released = [adopted] }));
        Started(Decide(Breaks(own)));
        Assert.Equal(Reasons.ContractStuck, Decide(Breaks(own) with { Released = [Release(digest: "sha256:2")] }).Reason);
    }

    [Fact]
    public void Code_that_is_written_for_the_first_of_them_is_broken_by_the_last()
    {
        RehearsalReport both = Breaking with { Statements = Breaking.Statements! with { BrokenBy = [M(2), M(3)] } };
        Assert.Equal(
            Reasons.ContractWaits, Decide(Rehearsing(3, 1).Rehearsed(both) with { RunningCode = [Old with { Requires = M(2) }] }).Reason);
    }

    [Fact]
    public void One_Job_runs_what_is_pending_before_it_too()
    {
        Assert.Equal(Reasons.ContractStuck, Decide(Breaks(Old with { Next = M(2) })).Reason);
        Assert.Equal(Reasons.ContractWaits, Decide(Breaks(Old with { Next = M(1) })).Reason);
    }

    [Fact]
    public void A_successor_that_the_gate_holds_is_waited_for_whatever_it_requires()
    {
        Assert.Contains(
            "its next revision is held by this very gate", Decide(Breaks(Old with { Next = null, IsHeld = true })).Message,
            StringComparison.Ordinal);
        Assert.Equal(Reasons.ContractStuck, Decide(Breaks(Old with { Next = "registry.test/shop/schema:2", IsHeld = true })).Reason);
    }

    [Fact]
    public void What_ends_by_itself_is_not_stuck() =>
        Assert.Equal(Reasons.ContractWaits, Decide(Breaks(Old with { Next = Reference, IsEnding = true })).Reason);

    [Fact]
    public void What_is_about_to_make_pods_is_waited_for() =>
        Assert.Contains("revision 4 (about to make pods)", Decide(Breaks(Old with { Pods = 0 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Who_applies_it_elsewhere_is_told_and_promised_nothing()
    {
        Decision decision = Decide(Breaks(Old with { Next = Reference }).With((GateSpec spec) => spec with
        {
            Migrate = spec.Migrate with { Mode = MigrateMode.External },
        }));
        Assert.Equal(Reasons.MigrationsPending, decision.Reason);
        Assert.Equal(ConditionStatus.False, decision.Condition(GateConditions.Stalled).Status);
        Assert.DoesNotContain(
            "by itself", decision.Condition(GateConditions.RunningCodeSurvives).Message, StringComparison.Ordinal);
    }

    private static GateInput Breaks(params RunningCode[] running) => Rehearsing(3, 1).Rehearsed(Breaking) with { RunningCode = running };
}
