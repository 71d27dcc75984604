using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using static SchemaGate.Tests.Gates.Given;
using static SchemaGate.Tests.Gates.GivenRuns;

namespace SchemaGate.Tests.Gates;

/// <summary>A gate that runs its migrations: what it does at each look, from what its status and its Job say.</summary>
public sealed class RunTests
{
    private static readonly RunFailure Locked = new(
        FailureClass.Transient, "LockUnavailable", "m2, line 1: canceling statement due to lock timeout (55P03).");

    [Fact]
    public void Pending_migrations_start_a_run_and_the_gate_says_so_at_once()
    {
        Decision decision = Decide(Running(3, 1));
        RunRecord record = Started(decision);
        Assert.Equal((Verdict.Migrating, Reasons.Migrating), (decision.Verdict, decision.Reason));
        Assert.Equal((1, 0, decision.Plan!.Hash), (record.Attempt, record.Failures, record.Plan));
        Assert.Matches("^shop-migrate-[0-9a-f]{10}$", record.Job);
        Assert.Equal(record, decision.Run);
    }

    [Fact]
    public void Without_the_mode_Job_nothing_runs() => Assert.Null(Decide(Input(3, 1) with { Run = GivenRuns.Evidence() }).Action);

    [Fact]
    public void An_operator_that_forgets_what_it_did_makes_the_same_Job()
    {
        GateInput input = Running(3, 1);
        RunRecord record = Started(Decide(input));
        Assert.Equal(record, Started(Decide(input.Having(record))));
        Assert.Equal(record, Started(Decide(input)));
    }

    [Fact]
    public void While_the_Job_is_there_it_is_waited_for()
    {
        GateInput input = Running(3, 1);
        RunRecord record = Started(Decide(input));
        Decision decision = Decide(input.Having(record, Active(record)));
        Assert.Null(decision.Action);
        Assert.Equal((Reasons.Migrating, Now.AddSeconds(-9)), (decision.Reason, decision.Run!.StartedAt));
        Assert.True(decision.RecheckAfter <= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void What_the_Job_has_applied_so_far_makes_no_other_plan_of_it()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision decision = Decide(Running(3, 2).Having(record, Active(record)));
        Assert.Equal((null, RunResult.Succeeded), (decision.Action, Decide(Running(3, 3).Having(record, Ended(record, null))).Run!.Result));
        Assert.True(decision.Run!.IsActive);
    }

    [Fact]
    public void Success_is_what_the_history_says_whatever_the_Job_says()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision lied = Decide(Running(3, 1).Having(record, Ended(record, null)));
        Assert.Equal(
            (RunResult.Failed, Reasons.MigrationFailed, true),
            (lied.Run!.Result, lied.Reason, lied.Condition(GateConditions.Stalled).Status == ConditionStatus.True));
        Decision crashed = Decide(Running(3, 3).Having(record, Ended(record, Wrong)));
        Assert.Equal((RunResult.Succeeded, Reasons.Open), (crashed.Run!.Result, crashed.Reason));
    }

    [Fact]
    public void A_run_whose_Job_was_never_made_is_over_when_somebody_else_has_applied_everything()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision decision = Decide(Running(3, 3).Having(record));
        Assert.Equal((RunResult.Succeeded, Reasons.Open, null), (decision.Run!.Result, decision.Reason, decision.Action));
        Assert.True(decision.RecheckAfter > TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void While_the_database_is_away_nobody_knows_how_the_run_ended()
    {
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision decision = Decide(Running(3, 1).DatabaseOut().Having(record, Ended(record, Wrong)));
        Assert.True(decision.Run!.IsActive);
        Assert.Null(decision.Action);
    }

    [Fact]
    public void A_failure_that_may_pass_is_tried_again_after_a_pause_that_grows_and_is_kept()
    {
        RunRecord first = Started(Decide(Running(3, 1)));
        Decision failed = Decide(Running(3, 1).Having(first, Ended(first, Locked)));
        Assert.Equal(Reasons.MigrationRetrying, failed.Reason);
        Assert.Equal(ConditionStatus.False, failed.Condition(GateConditions.Stalled).Status);
        TimeSpan pause = failed.Run!.NextAttemptAt!.Value - Now;
        Assert.InRange(pause, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
        Assert.Null(Decide(Running(3, 1).Having(failed.Run)).Action);

        GateInput later = Running(3, 1).Having(failed.Run) with { Now = Now + pause };
        RunRecord second = Started(Decide(later));
        Assert.Equal((2, 1), (second.Attempt, second.Failures));
        Assert.False(first.Job == second.Job);
        Decision again = Decide(later.Having(second, Ended(second, Locked)));
        Assert.InRange(again.Run!.NextAttemptAt!.Value - later.Now, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(24));
    }

    [Fact]
    public void After_the_last_try_it_stands_still()
    {
        RunRecord record = Started(Decide(Running(3, 1))) with { Failures = 3 };
        Decision decision = Decide(Running(3, 1).Having(record, Ended(record, Locked)));
        Assert.Equal((Reasons.MigrationFailed, null), (decision.Reason, decision.Run!.NextAttemptAt));
    }

    [Fact]
    public void A_pause_never_takes_longer_than_six_minutes() => Assert.All(
        Enumerable.Range(
            1, 1000), failures => Assert.InRange(RunSettlement.Pause("a", failures), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(6)));

    [Fact]
    public void A_permanent_failure_says_why_and_what_to_do_and_is_not_repeated()
    {
        Decision decision = Failed(Wrong);
        Assert.Equal(Reasons.MigrationFailed, decision.Reason);
        Assert.Contains("syntax error (42601)", decision.Message, StringComparison.Ordinal);
        Assert.Contains($"`schemagate resolve --rolled-back {M(2)}`", decision.Message, StringComparison.Ordinal);
        Assert.Contains("schemagate.dev/retry", decision.Message, StringComparison.Ordinal);
        Assert.Null(Decide(Running(3, 1).Having(decision.Run) with { Now = Now.AddDays(9) }).Action);
    }

    [Fact]
    public void A_row_that_is_left_unfinished_waits_for_a_person_and_is_told_with_the_run_s_own_words()
    {
        GateInput input = Input(Image(Ms(1, 3)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished))).AsJob();
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision decision = Decide(input.Having(record, Ended(record, Wrong with { Class = FailureClass.Unknown })));
        Assert.Equal((Reasons.MigrationFailed, null), (decision.Reason, decision.Run!.NextAttemptAt));
        Assert.Contains("syntax error (42601)", decision.Message, StringComparison.Ordinal);
        Assert.Null(Decide(input.Having(decision.Run)).Action);
    }

    [Fact]
    public void A_row_that_a_killed_run_left_is_told_with_what_ended_it_until_the_history_is_another()
    {
        GateInput input = Input(Image(Ms(1, 3)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished))).AsJob();
        RunRecord record = Started(Decide(Running(3, 1)));
        Decision killed = Decide(
            input.Having(record, Ended(record, null) with { Succeeded = false, Trouble = "its container was killed (OOMKilled)." }));
        Assert.Contains($"{M(2)} was begun on", killed.Message, StringComparison.Ordinal);
        Assert.EndsWith($" The Job {record.Job} failed: its container was killed (OOMKilled).", killed.Message, StringComparison.Ordinal);
        GateInput later = Input(Image(Ms(1, 3)), State(Row(M(1)), Row(M(2)), Row(M(3), HistoryRowState.Unfinished))).AsJob();
        Assert.DoesNotContain("OOMKilled", Decide(later.Having(killed.Run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Job_that_is_gone_is_a_failure_of_an_unknown_kind()
    {
        RunRecord record = Started(Decide(Running(3, 1))) with { StartedAt = Now.AddMinutes(-1) };
        Decision decision = Decide(Running(3, 1).Having(record));
        Assert.Equal((Reasons.MigrationRetrying, FailureClass.Unknown), (decision.Reason, decision.Run!.Error!.Class));
    }

    [Fact]
    public void File_statement_and_ways_out_are_told_behind_a_server_s_many_words()
    {
        Decision decision = Failed(Wrong with
        {
            Message = new string('x', 5000),
            Statement = "CREATE TABLE b (id nothing)",
            Line = 2,
            Hint = new string('y', 5000),
        });
        Assert.Equal($"prisma/migrations/{M(2)}/migration.sql", decision.Run!.Error!.File);
        Assert.Contains(
            $" prisma/migrations/{M(2)}/migration.sql:2: CREATE TABLE b (id nothing).", decision.Message, StringComparison.Ordinal);
        Assert.Contains($"`schemagate resolve --rolled-back {M(2)}`", decision.Message, StringComparison.Ordinal);
        Assert.Contains("schemagate.dev/retry", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_was_reached_is_named_and_no_command_that_the_gate_runs_itself()
    {
        Decision decision = Failed(new(FailureClass.Permanent, "DeadlineExceeded", "too long.")
        {
            Migration = M(2),
            Next = ["schemagate migrate  # with a longer --deadline"],
        });
        Assert.Contains("The limit is spec.migrate.deadline.", decision.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("schemagate migrate", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_else_closes_the_gate_keeps_it_from_running()
    {
        GateInput input = Running(3, 1);
        Assert.Null(Decide(input.With((GateSpec spec) => spec with { Suspend = true })).Action);
        Assert.Null(Decide(input with { SpecProblems = ["spec.database is missing."] }).Action);
        Assert.Null(Decide(input.DatabaseOut()).Action);
        Assert.Null(Decide(
            Input(Image(Ms(1, 3), Changelogs.Document.Of(pending: Entry("a change", "PENDING"))), Applied(Ms(1, 1))).AsJob() with
            {
                Run = GivenRuns.Evidence(),
            }).Action);
        Assert.Null(Decide(Input(Image(Ms(1, 3)), Applied()).AsJob() with
        {
            Database = new Evidence<DatabaseState>.Found(Applied() with { History = null }),
            Run = GivenRuns.Evidence(),
        }).Action);
    }

    [Fact]
    public void An_operator_that_does_not_know_its_image_says_so_and_runs_nothing()
    {
        Decision decision = Decide(Running(3, 1) with { Run = GivenRuns.Evidence() with { Problem = "no image" } });
        Assert.Null(decision.Action);
        Assert.EndsWith("no image", decision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_not_there_is_made_by_the_run_which_stays_the_same_run()
    {
        GateInput missing = Running(3, 0) with { Database = new Evidence<DatabaseState>.Missing(Reasons.DatabaseMissing, "no database") };
        RunRecord record = Started(Decide(missing));
        Decision created = Decide(Running(3, 1).Having(record, Active(record)));
        Assert.True(created.Run!.IsActive);
        Assert.Null(created.Action);
    }

    [Fact]
    public void A_restored_backup_is_brought_forward_again()
    {
        GateInput input = Running(3, 1) with { Released = [Release(through: M(2))] };
        Assert.Equal(1, Started(Decide(input)).Attempt);
    }
}
