using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
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
        Assert.Contains($"'{M(2)}' is stated as Low, and its SQL is High (line 3: it drops orders.total)", condition.Message, StringComparison.Ordinal);
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
        Assert.Equal(ConditionStatus.Unknown, GateDecision.Decide(Pending("Low", Drops).DatabaseOut()).Condition(GateConditions.RiskAccepted).Status);

    [Fact]
    public void Without_a_database_every_entry_is_judged() =>
        Assert.Contains(GateDecision.Decide(Pending("Low", Drops) with { Database = null }).Findings, finding => finding.Id == FindingIds.RiskUnderstated);

    [Fact]
    public void The_plan_says_what_applying_will_do()
    {
        PlanSummary plan = GateDecision.Decide(Pending("High", Drops)).Plan!;
        Assert.Equal((RiskLevel.High, 1), (plan.Risk, plan.Findings));
        Assert.Equal(new PlannedMigration(M(2), RiskLevel.High, "It drops orders.total."), Assert.Single(plan.Migrations));
    }

    [Fact]
    public void SQL_that_is_not_understood_is_no_low_risk() =>
        Assert.Equal(Reasons.RiskUnderstated, GateDecision.Decide(Pending("Low", Safe with { Level = Compatibility.Unknown })).Condition(GateConditions.RiskAccepted).Reason);

    [Theory]
    [InlineData(PolicyMode.Block, Reasons.RiskNotJudged)]
    [InlineData(PolicyMode.Warn, Reasons.MigrationsPending)]
    public void SQL_that_nobody_could_read_closes_only_where_the_policy_blocks(PolicyMode mode, string reason)
    {
        ChangelogEvidence image = Image(Ms(1, 2)) with { Risks = new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, "no parser") };
        Decision decision = GateDecision.Decide(Input(image, Applied(M(1))).With(policy => policy with { RiskMismatch = mode }));
        Assert.Equal(reason, decision.Reason);
        Assert.Contains("no parser", decision.Condition(GateConditions.RiskAccepted).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_judgement_there_is_no_condition() =>
        Assert.DoesNotContain(GateDecision.Decide(Input(2, 1)).Conditions, condition => condition.Type == GateConditions.RiskAccepted);

    private static MigrationRisk Safe => new(M(2), Compatibility.Safe, [], [], [], InOneTransaction: true, "Nothing waits for it.");

    private static MigrationRisk Drops => Safe with
    {
        Level = Compatibility.Risky,
        Sentence = "It drops orders.total.",
        Findings = [new("drop-column", RiskCategories.DataLoss, RiskSeverity.High, "it drops orders.total", "", new(40, 10, 3, 1), new(40, 10, 3, 1), IsAssumed: false)],
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
