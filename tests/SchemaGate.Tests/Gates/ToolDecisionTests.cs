using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Tests.Changelogs;

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
        Assert.Contains("Flyway's history, and the migrations are Prisma's. "
            + "Name the tool that is meant in spec.database.tool", decision.Message, StringComparison.Ordinal);
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

    [Fact]
    public void Alembic_ahead_of_the_files_cannot_be_told()
    {
        const string Revision = "revision = 'a'\ndown_revision = None\n";
        Decision decision = GateDecision.Decide(Given.Input(Image(MigrationTool.Alembic, ("x.py", Revision)), State(
            MigrationTool.Alembic, Row("b") with { StartedAt = DateTimeOffset.MinValue })));
        Assert.Equal(Reasons.MigrationsPending, decision.Reason);
        Assert.Contains("at b, which these migrations lack, so which of them are applied cannot be told", decision.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("upgrade head", decision.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not applied", decision.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("### 000001_a\n### 000003_c", true)]
    [InlineData("### 000001_a\n### 000002_b\n### 000003_c", false)]
    [InlineData("### 000001_a", false)]
    [InlineData("### 000003_c", false)]
    [InlineData("### 000002_b\n### 000003_c", false)]
    public void A_file_below_the_number_that_the_document_does_not_call_deployed_is_told(string deployed, bool isTold)
    {
        MigrationSet set = MigrationSet.Read(
            ((string[])["000001_a", "000002_b", "000003_c"]).Select(
                name => KeyValuePair.Create($"{name}.up.sql", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes("SELECT 1"))),
            MigrationTool.GolangMigrate);
        string migrated = string.Concat(set.Names.Where(name => !deployed.Contains(name, StringComparison.Ordinal))
            .Select(name => Given.Entry(name)));
        GateInput input = Given.Input(
            Given.Image(set.Names, Document.Of(migrated: migrated, deployed: deployed)) with { Migrations = set },
            State(MigrationTool.GolangMigrate, s_third));
        GateCondition condition = GateDecision.Decide(input).Condition(GateConditions.HistoryConsistent);
        Assert.Equal(isTold ? Reasons.MigrationOutOfOrder : Reasons.AsExpected, condition.Reason);
        Assert.Equal(isTold, condition.Message.Contains("000002_b counts as applied because a later version is", StringComparison.Ordinal));
        Decision blocked = GateDecision.Decide(input.With((GatePolicy policy) => policy with { OutOfOrder = PolicyMode.Block }));
        Assert.Equal(isTold ? Reasons.MigrationOutOfOrder : Reasons.Open, blocked.Reason);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(20, false)]
    public void Nobody_is_told_to_run_Drizzle_where_it_passes_over_the_migration(long when, bool isSkipped)
    {
        string journal = "{\"entries\": [{\"tag\": \"0000_x\", \"when\": 10}, {\"tag\": \"0001_y\", \"when\": " + when + "}]}";
        MigrationSet set = MigrationSet.Read(
            [
                new("meta/_journal.json", Encoding.UTF8.GetBytes(journal)), new("0000_x.sql", Encoding.UTF8.GetBytes("SELECT 1;")),
                new("0001_y.sql", Encoding.UTF8.GetBytes("SELECT 2;")),
            ],
            MigrationTool.Drizzle);
        string message = GateDecision.Decide(Given.Input(
            Given.Image(set.Names) with { Migrations = set }, State(MigrationTool.Drizzle, Row("10")))).Message;
        Assert.Equal(isSkipped, message.Contains("passes over 0001_y", StringComparison.Ordinal));
        Assert.Equal(!isSkipped, message.Contains("npx drizzle-kit migrate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "If nobody runs, `liquibase release-locks`", " host (10.1.2.3) took it at 2026-01-02T03:04:05Z.")]
    [InlineData(false, "If nobody runs, `liquibase release-locks`", "one has died. If")]
    public void The_owner_of_a_lock_that_is_a_row_is_named(bool isKnown, string cure, string words)
    {
        DatabaseState state = State(MigrationTool.Liquibase) with
        {
            RunInProgress = true,
            Lock = isKnown ? new LockHolder(Process: null, "host (10.1.2.3)", Given.Now, IsIdle: false) : null,
        };
        string message = GateDecision.Decide(Given.Input(
            Image(MigrationTool.Liquibase, ("x.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1")), state)).Message;
        Assert.Contains(cure, message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    public static TheoryData<MigrationTool> Foreign => [.. Enum.GetValues<MigrationTool>().Where(tool => tool != MigrationTool.Prisma)];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void No_reason_is_explained_with_commands_that_are_another_tools(MigrationTool tool) =>
        Assert.All(ReasonGuide.All.Keys, reason =>
    {
        ReasonAdvice advice = ReasonGuide.Of(reason, tool)!;
        Assert.Equal(ReasonGuide.All[reason].Next.Count == 0, advice.Next.Count == 0);
        IsOf(tool, $"{advice.Meaning} {string.Join(' ', advice.Next)}");
    });

    /// <summary>In every state of the history that a rule knows.</summary>
    [Theory]
    [MemberData(nameof(Foreign))]
    public void No_condition_names_commands_that_are_another_tools(MigrationTool tool)
    {
        HashSet<string> reasons = new(StringComparer.Ordinal);
        foreach (GateInput input in Worlds(tool))
        {
            Decision decision = GateDecision.Decide(input);
            reasons.UnionWith(decision.Conditions.Select(condition => condition.Reason));
            Assert.All(decision.Conditions, condition => IsOf(tool, condition.Message));
        }

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                Reasons.MigrationsPending, Reasons.MigrationFailed, Reasons.Migrating, Reasons.MigrationEdited, Reasons.MigrationOutOfOrder,
                Reasons.PendingChanges,
            },
            reasons);
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_Job_of_ours_is_not_made_for_another_tools_migrations_and_the_gate_says_why(MigrationTool tool)
    {
        GateInput input = World(tool, "a").AsJob(ApprovalMode.Always).Having(null);
        Decision decision = GateDecision.Decide(input);
        Assert.Equal((Reasons.MigrationsPending, null, null), (decision.Reason, decision.Run, decision.Action));
        Assert.Contains($"No Job is made: these are {ToolGuide.Of(tool).Name}'s migrations", decision.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"Give spec.migrate.template a pod that runs `{ToolGuide.Of(tool).Apply}`", decision.Message, StringComparison.Ordinal);
        Decision templated = GateDecision.Decide(input.With((GateSpec spec) =>
            spec with { Migrate = spec.Migrate with { HasTemplate = true }, Policy = spec.Policy with { Approval = ApprovalMode.Never } }));
        Assert.IsType<RunAction.Start>(templated.Action);
    }

    /// <summary>Neither Prisma's nor those of ours that write its history.</summary>
    private static void IsOf(MigrationTool tool, string text) => Assert.All(
        ["prisma", "P3005", "P3009", "schemagate migrate", "schemagate resolve"],
        (string word) => Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{tool}: {text}"));

    private static IEnumerable<GateInput> Worlds(MigrationTool tool)
    {
        yield return World(tool, "a");
        yield return World(tool, "a").With(policy => policy with { OutOfOrder = PolicyMode.Block });
        yield return World(tool, "b");
        yield return World(tool, "ab", edited: true);
        yield return World(tool, "abc");
        yield return World(tool, "a", unfinished: true);
        GateInput running = World(tool, "a", unfinished: true);
        yield return running with
        {
            Database = new Evidence<DatabaseState>.Found(
                ((Evidence<DatabaseState>.Found)running.Database!).Value with { RunInProgress = true }),
        };
        yield return World(tool, "a") with { Released = [Given.Release(through: "b")] };
        yield return World(tool, "") with { Database = new Evidence<DatabaseState>.Found(State(tool) with { History = null }) };
        yield return World(tool, "a", Document.Of(pending: Given.Entry("c", "PENDING"), migrated: Given.Entry("a") + Given.Entry("b")));
    }

    /// <summary>Migrations a and b, and a history with these letters.</summary>
    private static GateInput World(
        MigrationTool tool, string applied, string? document = null, bool edited = false, bool unfinished = false)
    {
        List<HistoryRow> rows = [.. applied.Select(name => Given.Row($"{name}") with { Checksum = edited ? "other" : "" })];
        rows.AddRange(unfinished ? [Row("b") with { FinishedAt = null }] : []);
        MigrationSet set =
            new([.. "ab".Select(name => new Migration($"{name}", "SELECT 1;", MigrationChecksum.Exactly("sum")))], []) { Tool = tool };
        return Given.Input(Given.Image(set.Names, document) with { Migrations = set }, State(tool, rows));
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
