using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>What a schema that somebody changed by hand does to a gate, and when that is looked for.</summary>
public sealed class DriftTests
{
    private static readonly GateInput s_applied = Input(2, 2);

    [Fact]
    public void A_schema_that_nobody_compares_has_no_condition() =>
        Assert.DoesNotContain(GateDecision.Decide(s_applied).Conditions, condition => condition.Type == GateConditions.SchemaInSync);

    [Fact]
    public void A_schema_as_the_migrations_build_it_is_in_sync_and_what_they_do_not_tell_is_said()
    {
        DriftRecord record = Record(s_applied) with { Judged = 1, Unjudged = 3, UnjudgedFor = ["3 named by programs that are not read"] };
        Decision decision = GateDecision.Decide(s_applied with { Drift = new(record) });
        GateCondition condition = decision.Condition(GateConditions.SchemaInSync);
        Assert.Equal((Verdict.Open, ConditionStatus.True), (decision.Verdict, condition.Status));
        Assert.EndsWith(
            "tells. Objects of which the text does not tell all: 3 (3 named by programs that are not read); `schemagate diff` compares "
            + "them, too.",
            condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyMode.Block, Verdict.Unknown)]
    [InlineData(PolicyMode.Warn, Verdict.Open)]
    public void A_schema_of_which_the_text_tells_nothing_is_not_in_sync(PolicyMode mode, Verdict verdict)
    {
        DriftRecord record = Record(s_applied) with { Unjudged = 9, UnjudgedFor = ["9 because m1 has a program that makes up statements"] };
        Decision decision = GateDecision.Decide(With(s_applied, mode) with { Drift = new(record) });
        GateCondition condition = decision.Condition(GateConditions.SchemaInSync);
        Assert.Equal((verdict, ConditionStatus.Unknown), (decision.Verdict, condition.Status));
        Assert.Contains("9 because m1", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyMode.Block, Verdict.Blocked)]
    [InlineData(PolicyMode.Warn, Verdict.Open)]
    public void A_difference_is_said_with_what_mends_it_and_closes_where_the_policy_blocks(PolicyMode mode, Verdict verdict)
    {
        GateInput input = Drifted(mode, "table public.extra: the history does not have it", "index public.i: it is not there");
        Decision decision = GateDecision.Decide(input);
        GateCondition condition = decision.Condition(GateConditions.SchemaInSync);
        Assert.Equal((verdict, ConditionStatus.False, Reasons.SchemaDrifted), (decision.Verdict, condition.Status, condition.Reason));
        Assert.All(
            (string[])["in 2 places", "public.extra", "public.i", "`schemagate diff`", "`schemagate drift adopt NAME`"],
            part => Assert.Contains(part, condition.Message, StringComparison.Ordinal));
        Assert.Equal(mode == PolicyMode.Warn, Decide(input) is RequirementOutcome.Satisfied);
    }

    [Fact]
    public void A_drifted_schema_is_not_migrated_where_the_policy_blocks()
    {
        GateInput pending = With(GivenRuns.Running(2, 1), PolicyMode.Block);
        Assert.NotNull(GateDecision.Decide(pending with { Drift = new(Record(pending)) }).Action);
        Assert.Null(GateDecision.Decide(pending with { Drift = new(Record(pending, "a")) }).Action);
    }

    [Theory]
    [InlineData(true, Verdict.Open, Verdict.Open)]
    [InlineData(true, Verdict.Blocked, Verdict.Unknown)]
    [InlineData(false, Verdict.Open, Verdict.Unknown)]
    public void A_catalog_that_cannot_be_read_opens_nothing_and_an_outage_closes_nothing_that_was_open(
        bool passes, Verdict before, Verdict verdict)
    {
        GateInput input = With(s_applied, PolicyMode.Block) with
        {
            Drift = new(null, new("The catalog cannot be read.", passes)),
            Previous = new(SameSpec: true, before, Digest, Identity.ToString(), []),
        };
        Decision decision = GateDecision.Decide(input);
        Assert.Equal(verdict, decision.Verdict);
        Assert.Equal(ConditionStatus.Unknown, decision.Condition(GateConditions.SchemaInSync).Status);
        Assert.IsType<RequirementOutcome.Closed>(Decide(input));
        Assert.Equal(Verdict.Open, GateDecision.Decide(With(input, PolicyMode.Warn)).Verdict);
    }

    [Fact]
    public void A_difference_stands_until_another_look_finds_it_gone()
    {
        GateInput input = Drifted(PolicyMode.Block, "a");
        input = input with { Drift = input.Drift! with { Unread = new("The catalog cannot be read.", Passes: true) } };
        Assert.Equal(Reasons.SchemaDrifted, GateDecision.Decide(input).Reason);
    }

    [Fact]
    public void An_outage_of_the_database_makes_the_schema_unknown_and_keeps_what_was_found()
    {
        DriftRecord record = Record(s_applied);
        GateInput input = s_applied.DatabaseOut();
        DriftEvidence known = Settled(input, record)!;
        Assert.Same(record, known.Record);
        GateCondition condition = GateDecision.Decide(input with { Drift = known }).Condition(GateConditions.SchemaInSync);
        Assert.Equal((ConditionStatus.Unknown, Reasons.NotRead), (condition.Status, condition.Reason));
        Assert.DoesNotContain(
            GateDecision.Decide(input with { Drift = Settled(input, null) }).Conditions,
            none => none.Type == GateConditions.SchemaInSync);
    }

    [Fact]
    public void A_schema_is_compared_when_it_is_due_and_no_more_than_a_fifth_later()
    {
        DriftRecord record = Record(s_applied);
        TimeSpan hour = s_applied.Spec.Database.DriftRecheck;
        Assert.Same(record, Settled(s_applied with { Now = Now + hour - TimeSpan.FromSeconds(1) }, record)!.Record);
        Assert.Same(record, Compare(s_applied with { Now = Now + (1.2 * hour) }, record).Last);
    }

    [Fact]
    public void A_thousand_gates_that_were_compared_at_once_are_compared_again_over_twelve_minutes()
    {
        DateTimeOffset[] due = [.. Enumerable.Range(0, 1000)
            .Select(gate => DriftSteps.DueAt(new($"{gate}", Now, 0, []), TimeSpan.FromHours(1)))];
        int[] minutes = [.. due.GroupBy(at => (int)(at - Now).TotalMinutes).Select(group => group.Count())];
        Assert.InRange(due.Min(), Now.AddMinutes(60), Now.AddMinutes(61));
        Assert.InRange(due.Max(), Now.AddMinutes(71), Now.AddMinutes(72));
        Assert.InRange(minutes.Max(), 80, 130);
    }

    [Fact]
    public void Another_history_image_text_list_of_patterns_or_request_is_compared_at_once()
    {
        DriftRecord record = Record(s_applied);
        Assert.Null(Compare(Input(2, 1), record).Last);
        Assert.Null(Compare(Input(Image(Ms(1, 2)), Applied(Ms(1, 2)) with { Identity = new("9", "shop", "public") }), record).Last);
        Assert.Null(Compare(s_applied.With(policy => policy with { IgnoreDrift = ["audit_*"] }), record).Last);
        Assert.Null(Compare(s_applied with { Run = GivenRuns.Evidence() with { Retry = "now" } }, record).Last);
        Assert.Same(record, Settled(s_applied with { Run = GivenRuns.Evidence() }, record)!.Record);
        Assert.Same(record, Settled(Input(Image(Ms(1, 3)), Applied(Ms(1, 2))), record)!.Record);
    }

    [Fact]
    public void Nothing_is_read_where_nobody_asks_or_nothing_is_applied()
    {
        Assert.Null(Settled(With(s_applied, PolicyMode.Ignore), Record(s_applied)));
        Assert.Null(Settled(Input(2, 0), null));
    }

    [Fact]
    public void Nothing_is_read_while_somebody_migrates()
    {
        GateInput running = Input(Image(Ms(1, 2)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished)) with { RunInProgress = true });
        Assert.Equal(DriftUnread.Waits, Settled(running, null)!.Unread);
        Assert.Equal(DriftUnread.Waits, Settled(Input(2, 2) with { Changelog = s_applied.RegistryOut().Changelog }, null)!.Unread);
    }

    [Fact]
    public void What_nobody_can_tell_is_said_and_a_rollback_is_not_closed_by_it()
    {
        GateInput ahead = With(Input(Image(Ms(1, 1)), Applied(Ms(1, 2))), PolicyMode.Block);
        ahead = ahead with { Drift = Settled(ahead, null) };
        Decision decision = GateDecision.Decide(ahead);
        Assert.Equal(Verdict.Open, decision.Verdict);
        Assert.Contains(M(2), decision.Condition(GateConditions.SchemaInSync).Message, StringComparison.Ordinal);

        GateInput edited = With(Input(Image(Ms(1, 1)), State(Row(M(1), sql: "SELECT 2;\n"))), PolicyMode.Block);
        Assert.Equal(Reasons.DriftNotJudged, GateDecision.Decide(edited with { Drift = Settled(edited, null) }).Reason);
    }

    [Fact]
    public void Migrations_that_are_no_SQL_are_compared_for_nobody_and_close_where_the_policy_blocks()
    {
        ChangelogEvidence image = Image(Ms(1, 1));
        image = image with
        {
            Migrations = image.Migrations with
            {
                Migrations = [image.Migrations.Migrations[0] with { Unjudged = "it is written in Python" }],
            },
        };
        GateInput input = Input(image, Applied(M(1)));
        Assert.Null(Settled(input, null));
        GateInput blocking = With(input, PolicyMode.Block);
        Assert.Contains(
            "it is written in Python", GateDecision.Decide(blocking with { Drift = Settled(blocking, null) }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_have_built_in_the_same_history_makes_the_set_less_than_the_schema()
    {
        GateInput shared = Input(Image(Ms(1, 1)), Applied(M(1), "other_1"));
        Assert.False(Compare(shared.With(policy => policy with { IgnoreUnknown = ["other_*"] }), null).Applied.IsWhole);
        Assert.True(Compare(Input(1, 1), null).Applied.IsWhole);
    }

    [Fact]
    public void A_schema_that_is_older_than_its_baseline_has_more_than_the_migrations_tell()
    {
        GateInput baselined = Input(Image(Ms(1, 2)), State(Row(M(1)) with { AppliedSteps = 0 }, Row(M(2))));
        Assert.False(Compare(baselined, null).Applied.IsWhole);
    }

    private static GateInput Drifted(PolicyMode mode, params string[] differences) =>
        With(s_applied, mode) with { Drift = new(Record(s_applied, differences)) };

    private static GateInput With(GateInput input, PolicyMode drift) => input.With(policy => policy with { Drift = drift });

    /// <summary>The record that a comparison now would leave.</summary>
    private static DriftRecord Record(GateInput input, params string[] differences) =>
        new(Compare(input, null).Basis, Now, differences.Length, differences);

    private static DriftStep.Compare Compare(GateInput input, DriftRecord? last) =>
        Assert.IsType<DriftStep.Compare>(DriftSteps.Next(input, last));

    private static DriftEvidence? Settled(GateInput input, DriftRecord? last) =>
        Assert.IsType<DriftStep.Settled>(DriftSteps.Next(input, last)).Known;

    private static RequirementOutcome Decide(GateInput input) => RequirementDecision.Decide(new("shop", Reference), input, Digest);
}
