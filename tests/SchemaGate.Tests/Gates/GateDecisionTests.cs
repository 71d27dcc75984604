using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Changelogs;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

public sealed class GateDecisionTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_first_rule_that_closes_gives_the_reason_and_the_others_still_report()
    {
        ChangelogEvidence image = Image(Ms(1, 2), Document.Of(pending: Entry("add_x", "PENDING"), migrated: Entry(M(1)) + Entry(M(2))));
        Decision decision = GateDecision.Decide(Input(image, State(Row(M(1), sql: "other"))));
        Assert.Equal(Reasons.PendingChanges, decision.Reason);
        Assert.Equal(Reasons.PendingChanges, decision.Condition(GateConditions.ChangelogConsistent).Reason);
        Assert.Equal(Reasons.MigrationEdited, decision.Condition(GateConditions.HistoryConsistent).Reason);
        Assert.Equal(Reasons.MigrationsPending, decision.Condition(GateConditions.MigrationsApplied).Reason);
    }

    [Fact]
    public void What_rests_on_an_unread_witness_is_unknown_and_not_true()
    {
        Decision decision = GateDecision.Decide(Input(2, 2).DatabaseOut());
        Assert.Equal(ConditionStatus.False, decision.Condition(GateConditions.DatabaseReachable).Status);
        Assert.Equal(ConditionStatus.Unknown, decision.Condition(GateConditions.HistoryConsistent).Status);
        Assert.Equal(ConditionStatus.Unknown, decision.Condition(GateConditions.MigrationsApplied).Status);
        Assert.Null(decision.Migrations);
    }

    [Fact]
    public void A_witness_that_nobody_asked_has_no_condition()
    {
        Decision decision = GateDecision.Decide(Input(2, 2) with { SpecProblems = ["bad."], Changelog = null, Database = null });
        Assert.Equal(["Ready", "Reconciling", "Stalled"], decision.Conditions.Select(condition => condition.Type), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void An_open_gate_stays_open_while_a_witness_is_out(bool registry, bool database)
    {
        GateInput input = Input(3, 3);
        Decision open = GateDecision.Decide(input);
        Decision later = GateDecision.Decide(Out(input.After(open, s_minute), registry, database));
        Assert.Equal((Verdict.Open, Reasons.Open), (later.Verdict, later.Reason));
        Assert.Equal(ConditionStatus.False, later.Condition(
            database && !registry ? GateConditions.DatabaseReachable : GateConditions.ChangelogResolved).Status);
        Assert.Contains("Not readable since 2026-01-02T03:05:05Z", later.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_says_the_same_at_every_look()
    {
        GateInput input = Input(3, 3);
        GateInput gone = input.After(GateDecision.Decide(input), s_minute).DatabaseOut();
        Decision first = GateDecision.Decide(gone);
        Decision second = GateDecision.Decide(gone.After(first, s_minute));
        Decision third = GateDecision.Decide(gone.After(second, TimeSpan.FromHours(7)));
        Assert.Equal(first.Message, third.Message);
        Assert.Equal(first.Conditions, third.Conditions);
    }

    [Fact]
    public void A_closed_gate_says_the_same_at_every_look()
    {
        GateInput input = Input(3, 1);
        Decision first = GateDecision.Decide(input);
        Decision second = GateDecision.Decide(input.After(first, TimeSpan.FromDays(3)));
        Assert.Equal(first.Conditions, second.Conditions);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public void Old_migrations_without_an_entry_do_not_close_an_open_gate_in_an_outage()
    {
        GateInput input = Input(Image(Ms(1, 12), Document.Of(migrated: Entry(M(11)) + Entry(M(12)))), Applied(Ms(1, 12)));
        Decision later = GateDecision.Decide(input.After(GateDecision.Decide(input), s_minute).DatabaseOut());
        Assert.Equal(Reasons.Open, later.Reason);
    }

    [Fact]
    public void A_database_that_is_out_is_not_told_as_a_fault_of_the_document()
    {
        GateInput input = Input(Image(Ms(1, 12), Document.Of(migrated: Entry(M(11)) + Entry(M(12)))), Applied(Ms(1, 12)));
        Assert.Equal(Reasons.DatabaseUnreachable, GateDecision.Decide(input.DatabaseOut()).Reason);
        Assert.Equal(Reasons.UndocumentedMigration, GateDecision.Decide(input with { Database = null }).Reason);
    }

    [Fact]
    public void A_gate_that_is_open_and_lets_nobody_go_is_not_ready_and_says_whose_words_stand_against_it()
    {
        GateInput input = Input(2, 2) with
        {
            Refused = new("deployment/shop", "deployments \"shop\" is forbidden: policy team-owns says no"),
        };
        Decision decision = GateDecision.Decide(input);
        Assert.Equal((Verdict.Open, Reasons.Open), (decision.Verdict, decision.Reason));
        GateCondition Of(string type) => decision.Conditions.Single(condition => condition.Type == type);
        Assert.Equal((ConditionStatus.False, Reasons.WriteRefused), (Of(GateConditions.Ready).Status, Of(GateConditions.Ready).Reason));
        Assert.Equal(
            "The API server refuses what the operator writes to deployment/shop: deployments \"shop\" is forbidden: "
            + "policy team-owns says no", Of(GateConditions.Ready).Message);
        Assert.Equal(ConditionStatus.True, Of(GateConditions.Reconciling).Status);
        Assert.Equal(ConditionStatus.True, Of(GateConditions.WriteRefused).Status);

        Decision closed = GateDecision.Decide(Input(2, 1) with { Refused = input.Refused });
        Assert.Equal(Reasons.MigrationsPending, closed.Conditions.Single(condition => condition.Type == GateConditions.Ready).Reason);
        Assert.Contains(closed.Conditions, condition => condition.Type == GateConditions.WriteRefused);
        Assert.DoesNotContain(GateDecision.Decide(Input(2, 2)).Conditions, condition => condition.Type == GateConditions.WriteRefused);
    }

    [Fact]
    public void Whatever_else_has_changed_closes_in_an_outage()
    {
        GateInput input = Input(3, 3);
        GateInput later = input.After(GateDecision.Decide(input), s_minute);
        GateInput moved = later with { Changelog = new Evidence<ChangelogEvidence>.Found(Image(Ms(1, 3), digest: "sha256:2")) };
        GateInput other =
            later with { Database = new Evidence<DatabaseState>.Found(Applied(Ms(1, 3)) with { Identity = new("9", "shop", "public") }) };
        Assert.Equal(Reasons.DatabaseUnreachable, GateDecision.Decide(moved.DatabaseOut()).Reason);
        Assert.Equal(Reasons.RegistryUnreachable, GateDecision.Decide(other.RegistryOut()).Reason);
        Assert.Equal(
            Reasons.DatabaseUnreachable, GateDecision.Decide((later with { KnownIdentity = "9/shop/public" }).DatabaseOut()).Reason);
        // A Secret may name another database, which has not answered yet.
        Assert.Equal(Reasons.DatabaseUnreachable, GateDecision.Decide((later with { KnownIdentity = null }).DatabaseOut()).Reason);
        Assert.Equal(Reasons.DatabaseUnreachable, GateDecision.Decide(
            (later with { Previous = later.Previous with { SameSpec = false } }).DatabaseOut()).Reason);
        Assert.Equal(Reasons.DatabaseUnreachable, GateDecision.Decide(
            (later with { Previous = later.Previous with { Verdict = Verdict.Blocked } }).DatabaseOut()).Reason);
        Assert.Equal(Reasons.Suspended, GateDecision.Decide(later.With(spec => spec with { Suspend = true }).DatabaseOut()).Reason);
    }

    [Theory]
    [InlineData(null, Reasons.Open)]
    [InlineData(Digest, Reasons.Open)]
    [InlineData("sha256:2", Reasons.RegistryUnreachable)]
    public void A_tag_that_has_moved_to_what_cannot_be_read_closes(string? resolved, string reason)
    {
        GateInput input = Input(3, 3);
        GateInput later = input.After(GateDecision.Decide(input), s_minute).RegistryOut() with { ResolvedDigest = resolved };
        Assert.Equal(reason, GateDecision.Decide(later).Reason);
    }

    [Fact]
    public void An_outage_beside_another_finding_closes()
    {
        GateInput input = Input(3, 3);
        GateInput later = input.After(GateDecision.Decide(input), s_minute).RegistryOut();
        HistoryRow failed = Row(M(9), HistoryRowState.Unfinished);
        Decision decision = GateDecision.Decide(later with { Database = new Evidence<DatabaseState>.Found(State(failed)) });
        Assert.Equal((Verdict.Unknown, Reasons.RegistryUnreachable), (decision.Verdict, decision.Reason));
    }

    [Fact]
    public void A_refused_login_is_no_outage()
    {
        GateInput input = Input(3, 3);
        GateInput later = input.After(GateDecision.Decide(input), s_minute);
        Decision decision = GateDecision.Decide(
            later with { Database = new Evidence<DatabaseState>.Missing(Reasons.DatabaseAccessDenied, "Grant CONNECT.") });
        Assert.Equal(Reasons.DatabaseAccessDenied, decision.Reason);
    }

    [Fact]
    public void A_condition_keeps_its_time_until_its_status_changes()
    {
        GateInput input = Input(3, 2);
        Decision closed = GateDecision.Decide(input);
        Decision open = GateDecision.Decide(Input(3, 3).After(closed, s_minute));
        Assert.Equal(Now, closed.Condition(GateConditions.Ready).Since);
        Assert.Equal(Now + s_minute, open.Condition(GateConditions.Ready).Since);
        Assert.Equal(Now, open.Condition(GateConditions.ChangelogResolved).Since);
    }

    [Fact]
    public void A_stranger_s_words_make_no_message_that_does_not_fit()
    {
        ChangelogEvidence image = Image([M(1)]) with { Migrations = new([], [.. Enumerable.Repeat(new string('x', 100) + "😀", 10_000)]) };
        Decision decision = GateDecision.Decide(Input(image, Applied(M(1))));
        Assert.Equal(Reasons.MigrationsInvalid, decision.Reason);
        Assert.All(decision.Conditions, condition => Assert.True(condition.Message.Length <= 2048));
    }

    [Fact]
    public void Unapplied_and_unknown_migrations_are_counted()
    {
        MigrationSummary summary = GateDecision.Decide(
            Input(Image(Ms(1, 4)), State(Row(M(1), sql: "other"), Row(M(2)), Row("20990101000000_later")))).Migrations!;
        Assert.Equal((4, 2, M(4)), (summary.Required, summary.Applied, summary.Through));
        Assert.Equal([M(3), M(4)], summary.Pending);
        Assert.Equal([M(1)], summary.Edited);
        Assert.Equal(["20990101000000_later"], summary.Unknown);
    }

    private static GateInput Out(GateInput input, bool registry, bool database)
    {
        input = registry ? input.RegistryOut() : input;
        return database ? input.DatabaseOut() : input;
    }
}
