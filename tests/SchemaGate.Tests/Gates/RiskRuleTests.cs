using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Risk;
using SchemaGate.Tests.Changelogs;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>What an entry says of its risk, beside what its SQL does. Migration 1 is applied, 2 is pending and drops a column.</summary>
public sealed class RiskRuleTests
{
    [Theory]
    [InlineData(PolicyMode.Block, Reasons.RiskUnderstated, ConditionStatus.False)]
    [InlineData(PolicyMode.Warn, Reasons.MigrationsPending, ConditionStatus.False)]
    [InlineData(PolicyMode.Ignore, Reasons.MigrationsPending, ConditionStatus.True)]
    public void An_entry_that_says_less_than_its_SQL_does_is_judged_by_policy(PolicyMode mode, string reason, ConditionStatus accepted)
    {
        Decision decision = GateDecision.Decide(Pending("Low", Drops).With(policy => policy with { RiskMismatch = mode }));
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(accepted, decision.Condition(GateConditions.RiskAccepted).Status);
        // Neither is it a contradiction of the document's own.
        Assert.Equal(ConditionStatus.True, decision.Condition(GateConditions.ChangelogConsistent).Status);
    }

    [Fact]
    public void The_message_names_both_levels_and_the_place_of_both()
    {
        GateCondition condition = GateDecision.Decide(Pending("Low", Drops)).Condition(GateConditions.RiskAccepted);
        Assert.Equal(Reasons.RiskUnderstated, condition.Reason);
        Assert.Contains("CHANGELOG.md:", condition.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"'{M(2)}' is stated as Low, and its SQL is High (line 3: it drops orders.total)", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("High")]
    [InlineData("Critical")]
    [InlineData(null)]
    public void Who_says_enough_or_nothing_understates_nothing(string? stated) =>
        Assert.Equal(ConditionStatus.True, GateDecision.Decide(Pending(stated, Drops)).Condition(GateConditions.RiskAccepted).Status);

    [Fact]
    public void What_is_applied_cannot_be_mended_and_is_not_judged()
    {
        GateInput input = Pending("Low", Drops) with { Database = new Evidence<Core.Databases.DatabaseState>.Found(Applied(Ms(1, 2))) };
        Decision decision = GateDecision.Decide(input.With(policy => policy with { RiskMismatch = PolicyMode.Block }));
        Assert.Equal((Reasons.Open, null), (decision.Reason, decision.Plan));
    }

    [Fact]
    public void While_the_database_is_away_nobody_can_tell_what_is_pending() =>
        Assert.Equal(ConditionStatus.Unknown, GateDecision.Decide(Pending("Low", Drops).DatabaseOut()).Condition(
            GateConditions.RiskAccepted).Status);

    [Fact]
    public void Without_a_database_every_entry_is_judged() =>
        Assert.Contains(GateDecision.Decide(
            Pending("Low", Drops) with { Database = null }).Findings, finding => finding.Id == FindingIds.RiskUnderstated);

    [Fact]
    public void The_plan_says_what_applying_will_do()
    {
        PlanSummary plan = GateDecision.Decide(Pending("High", Drops)).Plan!;
        Assert.Equal((RiskLevel.High, 1), (plan.Risk, plan.Findings));
        Assert.Equal(new PlannedMigration(M(2), RiskLevel.High, "It drops orders.total."), Assert.Single(plan.Migrations));
    }

    [Fact]
    public void A_sentence_is_cut_between_characters_so_that_what_is_read_back_is_what_was_written()
    {
        string sentence = GateDecision.Decide(
            Pending("High", Drops with { Sentence = new string('a', 498) + "\U0001F600b" })).Plan!.Migrations[0].Sentence;
        Assert.Equal(new string('a', 498) + "…", sentence);
    }

    [Fact]
    public void A_long_plan_is_told_in_part()
    {
        ChangelogEvidence image = Image(Ms(1, 9)) with
        {
            Risks = new Evidence<IReadOnlyList<MigrationRisk>>.Found([.. Ms(1, 9).Select(name => Safe with { Migration = name })]),
        };
        string message = GateDecision.Decide(Input(image, Applied(M(1)))).Condition(GateConditions.RiskAccepted).Message;
        Assert.StartsWith($"Pending: {M(2)} is Low: Nothing waits for it. {M(3)} ", message, StringComparison.Ordinal);
        Assert.EndsWith(" And 3 more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SQL_that_is_not_understood_is_no_low_risk_and_is_what_the_message_names()
    {
        RiskFinding unread =
            Drops.Findings[0] with { Categories = RiskCategories.Unjudged, Severity = RiskSeverity.Medium, Message = "It is not judged." };
        RiskFinding begins = unread with { Categories = RiskCategories.NonTransactional, Message = "It begins." };
        MigrationRisk risk = Safe with { Level = Compatibility.Unknown, Findings = [begins, unread] };
        GateCondition condition = GateDecision.Decide(Pending("Low", risk)).Condition(GateConditions.RiskAccepted);
        Assert.Contains("its SQL is Medium (line 3: It is not judged):", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RiskCategories.Rewrite, RiskSeverity.High, "Medium", "High")]
    [InlineData(RiskCategories.BlockingLock, RiskSeverity.Medium, "Low", "Medium")]
    public void What_stops_a_table_is_understated_too(RiskCategories categories, RiskSeverity severity, string stated, string least)
    {
        RiskFinding locks = Drops.Findings[0] with { Categories = categories, Severity = severity, Message = "It builds an index." };
        GateCondition condition = GateDecision.Decide(Pending(stated, Safe with { Findings = [locks] }))
            .Condition(GateConditions.RiskAccepted);
        Assert.Contains(
            $"is stated as {stated}, and its SQL is {least} (line 3: It builds an index):", condition.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RiskCategories.Rewrite, RiskSeverity.High, true)]
    [InlineData(RiskCategories.BlockingLock, RiskSeverity.Medium, true)]
    [InlineData(RiskCategories.BlockingLock, RiskSeverity.Low, false)]
    [InlineData(RiskCategories.Convention, RiskSeverity.Medium, false)]
    public void A_person_approves_what_stops_a_table(RiskCategories categories, RiskSeverity severity, bool isAwaited)
    {
        GateInput input = Pending(stated: null, Safe with
        {
            Findings = [Drops.Findings[0] with { Categories = categories, Severity = severity }],
        });
        Decision decision = GateDecision.Decide(input.AsJob(ApprovalMode.Risky).Having(null));
        Assert.Equal(isAwaited, decision.Reason == Reasons.ApprovalRequired);
    }

    [Theory]
    [InlineData(PolicyMode.Block, Reasons.RiskNotJudged)]
    [InlineData(PolicyMode.Warn, Reasons.MigrationsPending)]
    [InlineData(PolicyMode.Ignore, Reasons.MigrationsPending)]
    public void SQL_that_nobody_could_read_yet_or_ever_closes_only_where_the_policy_blocks(PolicyMode mode, string reason)
    {
        Assert.All(
            (Evidence<IReadOnlyList<MigrationRisk>>[])[
                new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, "no parser"),
                new Evidence<IReadOnlyList<MigrationRisk>>.Unreachable(Reasons.RiskNotJudged, "no parser"),
            ],
            risks =>
            {
                ChangelogEvidence image = Image(Ms(1, 2)) with { Risks = risks };
                Decision decision = GateDecision.Decide(Input(image, Applied(M(1))).With(policy => policy with { RiskMismatch = mode }));
                Assert.Equal(reason, decision.Reason);
                Assert.Equal(mode != PolicyMode.Ignore, decision.Condition(GateConditions.RiskAccepted).Message
                    .Contains("no parser", StringComparison.Ordinal));
            });
    }

    [Fact]
    public void Without_a_judgement_there_is_no_condition() =>
        Assert.DoesNotContain(GateDecision.Decide(Input(2, 1)).Conditions, condition => condition.Type == GateConditions.RiskAccepted);

    private static MigrationRisk Safe => new(M(2), Compatibility.Safe, [], [], [], InOneTransaction: true, "Nothing waits for it.");

    private static MigrationRisk Drops => Safe with
    {
        Level = Compatibility.Risky,
        Sentence = "It drops orders.total.",
        Findings = [new("drop-column", RiskCategories.DataLoss, RiskSeverity.High, "it drops orders.total", "", new(40, 10, 3, 1), new(
            40, 10, 3, 1), IsAssumed: false)],
    };

    private static GateInput Pending(string? stated, MigrationRisk risk)
    {
        string entry = Entry(M(2)) + (stated is null ? "" : $"- **Risk Level:** {stated} (as we think)\n");
        ChangelogEvidence image = Image(Ms(1, 2), Document.Of(migrated: Entry(M(1)) + entry)) with
        {
            Risks = new Evidence<IReadOnlyList<MigrationRisk>>.Found([Safe with { Migration = M(1) }, risk]),
        };
        return Input(image, Applied(M(1)));
    }
}
