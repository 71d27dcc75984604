using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRehearsals;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>A gate that rehearses before it runs: what it does at each look, and what the result does to the run.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public void What_is_pending_is_rehearsed_first_and_nothing_runs_meanwhile()
    {
        Decision decision = Decide(Rehearsing(3, 1));
        RehearsalRecord record = Announced(decision);
        Assert.Matches("^shop-rehearse-[0-9a-f]{10}$", record.Job);
        Assert.Equal((null, Reasons.Rehearsing, Verdict.Blocked), (decision.Action, decision.Reason, decision.Verdict));
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Reconciling).Status);
        Assert.Contains(record.Job, decision.Condition(GateConditions.Rehearsed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_that_forgets_what_it_did_makes_the_same_Job()
    {
        RehearsalRecord record = Announced(Decide(Rehearsing(3, 1)));
        Assert.Equal(record, Announced(Decide(Rehearsing(3, 1))));
        Assert.Equal(record, Announced(Decide(Rehearsing(3, 1).Rehearsals(new RehearsalEvidence(record, null)))));
    }

    [Fact]
    public void A_gate_that_asks_for_none_has_none()
    {
        Decision decision = Decide(Running(3, 1));
        Assert.Equal((null, null), (decision.Rehearsal, decision.Rehearse));
        Assert.NotNull(decision.Action);
        Assert.DoesNotContain(decision.Conditions, condition => condition.Type is
            GateConditions.Rehearsed or GateConditions.RunningCodeSurvives);
    }

    [Fact]
    public void While_its_Job_is_there_it_is_waited_for()
    {
        RehearsalRecord record = Announced(Decide(Rehearsing(3, 1)));
        JobObservation job = new(record.Job, Now.AddSeconds(-9), Finished: false, Succeeded: false, null, null);
        Decision decision = Decide(Rehearsing(3, 1).Rehearsals(new RehearsalEvidence(record, job)));
        Assert.Equal((null, null, Reasons.Rehearsing), (decision.Action, decision.Rehearse, decision.Reason));
        Assert.Equal(Now.AddSeconds(-9), decision.Rehearsal!.StartedAt);
    }

    [Fact]
    public void What_has_passed_runs_and_is_not_rehearsed_again_while_it_progresses()
    {
        GateInput input = Rehearsing(3, 1).Rehearsed(Passed);
        Decision decision = Decide(input);
        RunRecord run = Started(decision);
        Assert.Equal(RehearsalResult.Passed, decision.Rehearsal!.Result);
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Rehearsed).Status);
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.RunningCodeSurvives).Status);
        Decision halfway = Decide(Rehearsing(3, 2).Having(run, Active(run)).Rehearsals(new RehearsalEvidence(decision.Rehearsal, null)));
        Assert.Equal((null, decision.Rehearsal), (halfway.Rehearse, halfway.Rehearsal));
        Assert.True(halfway.Run!.IsActive);
        Decision done = Decide(
            Rehearsing(3, 3).Having(run, GivenRuns.Ended(run, null)).Rehearsals(new RehearsalEvidence(decision.Rehearsal, null)));
        Assert.Equal((Reasons.Open, decision.Rehearsal), (done.Reason, done.Rehearsal));
    }

    [Fact]
    public void Where_this_operator_can_rehearse_nothing_that_is_said_and_a_run_begins()
    {
        Decision decision = Decide(Rehearsing(3, 1).Rehearsals(RehearsalEvidence.None with { Problem = "It has no image." }));
        Assert.Null(decision.Rehearse);
        Assert.NotNull(decision.Action);
        GateCondition rehearsed = decision.Condition(GateConditions.Rehearsed);
        Assert.Equal((ConditionStatus.False, Reasons.RehearsalUnavailable), (rehearsed.Status, rehearsed.Reason));
        Assert.Contains("Nothing is rehearsed: It has no image.", rehearsed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_comes_before_anybody_is_asked_to_approve()
    {
        GateInput input = Rehearsing(3, 1).With((GatePolicy policy) => policy with { Approval = ApprovalMode.Always });
        Assert.Equal(Reasons.Rehearsing, Decide(input).Reason);
        Assert.Equal(Reasons.ApprovalRequired, Decide(input.Rehearsed(Passed)).Reason);
    }

    [Fact]
    public void A_migration_that_fails_there_is_never_run_and_the_message_says_where()
    {
        Decision decision = Decide(Rehearsing(3, 1).Rehearsed(Failing));
        Assert.Equal((null, null, Reasons.RehearsalFailed), (decision.Action, decision.Rehearse, decision.Reason));
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.Stalled).Status);
        string message = decision.Message;
        Assert.Contains($"prisma/migrations/{M(2)}/migration.sql:1: ALTER TABLE t DROP x", message, StringComparison.Ordinal);
        Assert.Contains("42601", message, StringComparison.Ordinal);
        Assert.Contains("schemagate.dev/retry", message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_rehearsed_again_for_another_image_other_settings_or_a_person_and_for_nothing_else()
    {
        GateInput failed = Rehearsing(3, 1).Rehearsed(Failing);
        RehearsalRecord before = failed.Run!.Rehearsal.Record!;
        Assert.Null(Decide(failed with { Now = Now.AddDays(1) }).Rehearse);
        GateInput[] again =
        [
            failed with { Run = failed.Run with { Retry = "now" } },
            failed.With((GateSpec spec) => spec with { Migrate = spec.Migrate with { Fingerprint = "other" } }),
            failed with { Changelog = new Evidence<ChangelogEvidence>.Found(Image(Ms(1, 3), digest: $"sha256:{new string('2', 64)}")) },
            failed.With((GateSpec spec) => spec with { Rehearsal = spec.Rehearsal with { ScratchUrlFrom = new("scratch", "URL") } }),
            failed.With((GateSpec spec) => spec with { Rehearsal = spec.Rehearsal with { Like = RehearsalLikeness.Live } }),
        ];
        Assert.All(again, input => Assert.Equal((2, true), (Announced(Decide(input)).Attempt, Decide(input).Rehearsal!.Job != before.Job)));
    }

    [Fact]
    public void Where_nothing_can_be_rehearsed_that_is_said_and_the_run_begins_all_the_same()
    {
        Decision decision = Decide(Rehearsing(3, 1).Rehearsed(NoRight));
        Started(decision);
        Assert.Equal(RehearsalResult.Unavailable, decision.Rehearsal!.Result);
        GateCondition condition = decision.Condition(GateConditions.Rehearsed);
        Assert.Equal((ConditionStatus.False, Reasons.RehearsalUnavailable), (condition.Status, condition.Reason));
        Assert.Contains("may not create databases", condition.Message, StringComparison.Ordinal);
        Assert.Equal(Reasons.StatementsNotProven, decision.Condition(GateConditions.RunningCodeSurvives).Reason);
    }

    [Fact]
    public void Where_breaks_is_Block_what_is_not_proved_does_not_run()
    {
        GateInput input = Rehearsing(3, 1).With((GatePolicy policy) => policy with { Breaks = PolicyMode.Block });
        Decision decision = Decide(input.Rehearsed(NoRight));
        Assert.Equal((null, Reasons.StatementsNotProven), (decision.Action, decision.Reason));
        Assert.Contains("may not create databases", decision.Message, StringComparison.Ordinal);
        Assert.Equal(Reasons.StatementsNotProven, Decide(input.Rehearsed(Passed with { Statements = null })).Reason);
        Started(Decide(input.Rehearsed(Passed)));
    }

    [Fact]
    public void A_pod_that_died_is_tried_again_with_growing_pauses_and_in_the_end_not()
    {
        GateInput input = Rehearsing(3, 1);
        RehearsalRecord record = Announced(Decide(input));
        for (int failure = 1; failure <= 3; failure++)
        {
            Decision decision = Decide(input.Rehearsals(Ended(record, null)));
            record = decision.Rehearsal!;
            Assert.Equal((RehearsalResult.Unavailable, failure, null), (record.Result, record.Failures, decision.Action));
            Assert.Equal(Reasons.Rehearsing, decision.Reason);
            input = input with { Now = record.NextAttemptAt!.Value };
            record = Announced(Decide(input.Rehearsals(new RehearsalEvidence(record, null))));
        }

        Decision last = Decide(input.Rehearsals(Ended(record, null)));
        Assert.Null(last.Rehearsal!.NextAttemptAt);
        Started(last);
    }

    [Fact]
    public void A_lost_connection_in_the_scratch_database_says_nothing_of_the_migration()
    {
        RehearsalRecord record = Announced(Decide(Rehearsing(3, 1)));
        RunFailure lost = new(FailureClass.Transient, "Unreachable", "The connection was lost.") { Migration = M(2) };
        Decision decision = Decide(Rehearsing(3, 1).Rehearsals(Ended(record, new([], 0) { Failure = lost })));
        Assert.Equal(RehearsalResult.Unavailable, decision.Rehearsal!.Result);
        Assert.NotNull(decision.Rehearsal.NextAttemptAt);
    }

    [Fact]
    public void Who_lets_somebody_else_run_is_told_too_and_stays_closed()
    {
        GateInput input = Rehearsing(3, 1).With((GateSpec spec) => spec with { Migrate = RunSettings.External });
        Decision decision = Decide(input.Rehearsed(Failing));
        Assert.Equal((Reasons.RehearsalFailed, null), (decision.Reason, decision.Action));
        Assert.Equal(Reasons.Open, Decide((Input(3, 3) with { Spec = input.Spec }).Rehearsals(
            new RehearsalEvidence(decision.Rehearsal, null))).Reason);
    }

    [Fact]
    public void What_nobody_needs_any_more_is_ended()
    {
        RehearsalRecord record = Announced(Decide(Rehearsing(3, 1)));
        Decision decision = Decide(Rehearsing(3, 3).Rehearsals(new RehearsalEvidence(record, null)));
        Assert.Equal((RehearsalResult.Canceled, Reasons.Open), (decision.Rehearsal!.Result, decision.Reason));
    }

    [Fact]
    public void An_announced_run_whose_Job_was_never_made_waits_for_a_rehearsal_that_is_asked_for_since()
    {
        RunRecord run = Started(Decide(Running(3, 1)));
        Decision decision = Decide(Rehearsing(3, 1).Having(run));
        Announced(decision);
        Assert.Null(decision.Action);
        Decision ended = Decide(Rehearsing(3, 1).Having(run).Rehearsals(Ended(decision.Rehearsal!, Passed)));
        Assert.Equal(run, Started(ended));
    }

    [Fact]
    public void A_wrong_document_is_mended_before_anything_is_rehearsed()
    {
        ChangelogEvidence image = Image(Ms(1, 3), Changelogs.Document.Of(migrated: string.Concat(Ms(1, 2).Select(name => Entry(name)))));
        Decision decision = Decide(Rehearsing(3, 1) with { Changelog = new Evidence<ChangelogEvidence>.Found(image) });
        Assert.Equal((Reasons.UndocumentedMigration, null), (decision.Reason, decision.Rehearse));
    }

    [Fact]
    public void What_asked_for_no_statements_does_not_speak_for_them()
    {
        GateInput silent = Rehearsing(3, 1).With((GatePolicy policy) =>
            policy with { Breaks = PolicyMode.Ignore, Contract = ContractMode.Ignore });
        GateInput passed = silent.Rehearsed(Passed with { Statements = null });
        Started(Decide(passed));
        Assert.Equal(2, Announced(Decide(passed.With((GatePolicy policy) => policy with { Contract = ContractMode.Wait }))).Attempt);
    }

    [Fact]
    public void Who_rehearses_no_more_and_then_again_makes_another_Job()
    {
        GateInput passed = Rehearsing(3, 1).Rehearsed(Passed);
        Decision never = Decide(passed.With((GateSpec spec) => spec with { Rehearsal = RehearsalSettings.Off }));
        Assert.Equal((RehearsalResult.Canceled, null), (never.Rehearsal!.Result, never.Rehearsal.Report));
        RehearsalRecord again = Announced(Decide(passed.Rehearsals(new RehearsalEvidence(never.Rehearsal, null))));
        Assert.Equal((2, true), (again.Attempt, again.Job != never.Rehearsal.Job));
    }

    [Fact]
    public void A_proof_of_yesterday_says_nothing_of_the_code_of_today()
    {
        GateInput passed = Rehearsing(3, 1).With((GatePolicy policy) => policy with { Approval = ApprovalMode.Always }).Rehearsed(Passed);
        Assert.Null(Decide(passed with { Now = Now.AddHours(23) }).Rehearse);
        Assert.Equal(2, Announced(Decide(passed with { Now = Now.AddHours(25) })).Attempt);
    }

    [Fact]
    public void An_outage_forgets_no_rehearsal()
    {
        GateInput input = Rehearsing(3, 1).Rehearsed(Failing);
        Decision decision = Decide(input.DatabaseOut());
        Assert.Equal((input.Run!.Rehearsal.Record, null), (decision.Rehearsal, decision.Rehearse));
    }
}
