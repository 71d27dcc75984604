using System.Text;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Gates;

/// <summary>Gates beside the histories of other tools than Prisma.</summary>
public sealed class ToolDecisionTests
{
    private static readonly HistoryRow s_third = Row("3") with { CoversEarlier = true };

    [Fact]
    public void The_history_of_another_tool_than_the_migrations_closes_gate_and_requirement()
    {
        GateInput input = Given.Input(Given.Image(Given.Ms(1, 1)), State(MigrationTool.Flyway, Row(Given.M(1))));
        Decision decision = GateDecision.Decide(input);
        Assert.Equal(Reasons.HistoryUnreadable, decision.Reason);
        Assert.Contains("Flyway's history, and the migrations are Prisma's. Name the tool that is meant in spec.database.tool", decision.Message, StringComparison.Ordinal);
        Assert.IsType<RequirementOutcome.Closed>(Decide(Given.Reference, input));
        Assert.IsType<RequirementOutcome.Closed>(Decide(Given.M(1), input));
        Assert.IsType<RequirementOutcome.Closed>(Decide(Given.M(1), input.RegistryOut()));
    }

    [Theory]
    [InlineData("000003_c", true)]
    [InlineData("000002_b", true)]
    [InlineData("000004_d", false)]
    public void A_version_alone_tells_whether_a_named_migration_is_applied(string name, bool released)
    {
        GateInput input = Given.Input(Image(MigrationTool.GolangMigrate, ("1_a.up.sql", "")), State(MigrationTool.GolangMigrate, s_third));
        Assert.Equal(released, Decide(name, input) is RequirementOutcome.Satisfied);
    }

    [Theory]
    [InlineData(MigrationTool.GolangMigrate, "000002_b", false)]
    [InlineData(MigrationTool.GolangMigrate, "000004_d", true)]
    [InlineData(MigrationTool.Rails, "000002_b", true)]
    [InlineData(MigrationTool.Alembic, "1a_x", false)]
    [InlineData(MigrationTool.Drizzle, "0000_x", false)]
    public void A_release_is_contradicted_only_by_a_history_that_can_tell(MigrationTool tool, string through, bool contradicted) =>
        Assert.Equal(contradicted, Given.Release(through: through).ContradictedBy(State(tool, s_third)));

    [Fact]
    public void Tables_without_a_history_are_no_fault_to_a_tool_that_begins_wherever_it_is()
    {
        DatabaseState state = State(MigrationTool.Goose) with { History = null };
        Decision decision = GateDecision.Decide(Given.Input(Image(MigrationTool.Goose, ("1_a.sql", "-- +goose Up\nSELECT 1;")), state));
        Assert.Equal(Reasons.MigrationsPending, decision.Reason);
        Assert.EndsWith("Apply with `goose up`.", decision.Message, StringComparison.Ordinal);
        Decision flyway = GateDecision.Decide(Given.Input(Image(MigrationTool.Flyway, ("V1__a.sql", "SELECT 1;")), state));
        Assert.Equal(Reasons.BaselineRequired, flyway.Reason);
        Assert.Contains("flyway baseline", flyway.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_without_a_time_is_told_without_one()
    {
        DatabaseState state = State(MigrationTool.Sqlx, Row("1") with { StartedAt = DateTimeOffset.MinValue, FinishedAt = null });
        Decision decision = GateDecision.Decide(Given.Input(Image(MigrationTool.Sqlx, ("1_a.sql", "SELECT 1;")), state));
        Assert.Equal(Reasons.MigrationFailed, decision.Reason);
        Assert.StartsWith("1_a was begun and has not finished.", decision.Message, StringComparison.Ordinal);
    }

    private static RequirementOutcome Decide(string requirement, GateInput input) =>
        RequirementDecision.Decide(Requirement.Parse($"shop={requirement}", out _)[0], input, digest: null);

    private static HistoryRow Row(string name) => Given.Row(name) with { Checksum = "" };

    private static DatabaseState State(MigrationTool tool, params IReadOnlyList<HistoryRow> rows) =>
        Given.State() with { History = new MigrationHistory(rows) { Tool = tool } };

    private static ChangelogEvidence Image(MigrationTool tool, (string Path, string Content) file)
    {
        MigrationSet set = MigrationSet.Read([new(file.Path, Encoding.UTF8.GetBytes(file.Content))], tool);
        return Given.Image(set.Names) with { Migrations = set };
    }
}
