using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Evidence;

namespace SchemaGate.Tests.Evidence;

public sealed class RiskEvidenceTests
{
    [Fact]
    public async Task Each_migration_is_judged_on_what_the_earlier_ones_leave()
    {
        IReadOnlyList<MigrationRisk> risks = await JudgeAsync(
            "CREATE TABLE t (id int, a int);", "CREATE TABLE u (id int);", "ALTER TABLE t DROP COLUMN a;");
        Assert.Equal([RiskLevel.Low, RiskLevel.Low, RiskLevel.High], risks.Select(risk => risk.LeastLevel));
    }

    [Fact]
    public async Task A_script_that_is_too_long_is_not_read_and_not_low()
    {
        IReadOnlyList<MigrationRisk> risks = await JudgeAsync(new string('-', (1 << 20) + 1), "CREATE TABLE t (id int);");
        Assert.Equal([Compatibility.Unknown, Compatibility.Safe], risks.Select(risk => risk.Level));
        Assert.Contains("a million characters", risks[0].Findings.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_without_end_is_read_to_a_bound_and_keeps_little()
    {
        string script = string.Concat(Enumerable.Repeat("DROP TABLE t;\n", 20_000));
        IReadOnlyList<MigrationRisk> risks = await JudgeAsync([.. Enumerable.Repeat(script, 5)]);
        Assert.Equal(
            [RiskLevel.High, RiskLevel.High, RiskLevel.High, RiskLevel.Medium, RiskLevel.Medium], risks.Select(risk => risk.LeastLevel));
        Assert.All(risks, risk => Assert.InRange(risk.Findings.Count, 1, 100));
    }

    [Fact]
    public async Task Many_bad_migrations_keep_their_worst_and_no_more_than_fits()
    {
        string script = string.Concat(Enumerable.Repeat("DROP TABLE t CASCADE;\n", 60));
        IReadOnlyList<MigrationRisk> risks = await JudgeAsync([.. Enumerable.Repeat(script, 400)]);
        Assert.All(risks, risk => Assert.Equal(RiskLevel.High, risk.LeastLevel));
        Assert.InRange(risks.Sum(risk => risk.Findings.Count + risk.Locks.Count), 20_000, 21_000);
    }

    [Fact]
    public async Task What_is_cut_off_makes_no_level_less()
    {
        string conventions = string.Concat(Enumerable.Repeat("ALTER TABLE t ADD COLUMN IF NOT EXISTS a json;\n", 150));
        Assert.Equal(RiskLevel.Medium, Assert.Single(await JudgeAsync(conventions + "CREATE INDEX i ON t (b);")).LeastLevel);
    }

    [Fact]
    public void A_rule_that_fails_is_named_and_stops_nobody()
    {
        RiskRule faulty = new("faulty-rule", "Fails", RiskCategories.None, RiskSeverity.Low)
        {
            Judge = static _ => throw new InvalidOperationException("inside"),
        };
        Evidence<IReadOnlyList<MigrationRisk>> risks = RiskEvidence.Judge(
            Set("DROP TABLE t;"), RiskEvidence.Options(major: 15) with { Rules = [faulty] }, TimeProvider.System);
        Evidence<IReadOnlyList<MigrationRisk>>.Missing missing = Assert.IsType<Evidence<IReadOnlyList<MigrationRisk>>.Missing>(risks);
        Assert.Equal(Reasons.RiskNotJudged, missing.Reason);
        Assert.Equal("0 is not judged wholly: the rule faulty-rule failed on it, which is a fault of SchemaGate. "
            + "Please report it with that migration.", missing.Message);
    }

    [Fact]
    public async Task What_is_no_SQL_is_unknown_and_says_why_and_of_SQL_only_the_way_up_is_judged()
    {
        MigrationSet ruby = MigrationSet.Read([new("1_x.rb", "class X; end"u8.ToArray())], MigrationTool.Rails);
        MigrationRisk unknown = Assert.Single(await JudgeAsync(ruby));
        Assert.Equal(Compatibility.Unknown, unknown.Level);
        Assert.Equal("Not judged: it is written in Ruby.", unknown.Findings.Single().Message);
        MigrationSet goose = MigrationSet.Read(
            [new("1_x.sql", "-- +goose Up\nCREATE TABLE t (id int);\n-- +goose Down\nDROP TABLE t;\n"u8.ToArray())], MigrationTool.Goose);
        Assert.Equal(Compatibility.Safe, Assert.Single(await JudgeAsync(goose)).Level);
    }

    [Theory]
    [InlineData("B1__base.sql", RiskSeverity.High)]
    [InlineData("notes.md", RiskSeverity.Medium)]
    public async Task What_a_baseline_made_is_not_missing(string file, RiskSeverity severity)
    {
        MigrationSet set = MigrationSet.Read(
            [
                new(file, "CREATE TABLE users (id int);"u8.ToArray()),
                new("V2__a.sql", "CREATE TABLE a (id int PRIMARY KEY);"u8.ToArray()),
                new("V3__b.sql", "DROP TABLE IF EXISTS users;"u8.ToArray()),
            ],
            MigrationTool.Flyway);
        Assert.Equal(severity, (await JudgeAsync(set))[^1].Findings.Single(finding => finding.Rule == "drop-table").Severity);
    }

    private static MigrationSet Set(params string[] scripts) => MigrationSet.Read(scripts.Select((sql, index) =>
        KeyValuePair.Create($"{index}/migration.sql", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(sql))));

    private static Task<IReadOnlyList<MigrationRisk>> JudgeAsync(params string[] scripts) => JudgeAsync(Set(scripts));

    private static async Task<IReadOnlyList<MigrationRisk>> JudgeAsync(MigrationSet set)
    {
        Evidence<ChangelogEvidence> files = new Evidence<ChangelogEvidence>.Found(
            new("image", null, "CHANGELOG.md", ChangelogParser.Parse(""), set));
        Evidence<ChangelogEvidence> judged = await RiskEvidence.JudgedAsync(
            files, major: null, TimeProvider.System, TestContext.Current.CancellationToken);
        ChangelogEvidence evidence = Assert.IsType<Evidence<ChangelogEvidence>.Found>(judged).Value;
        return Assert.IsType<Evidence<IReadOnlyList<MigrationRisk>>.Found>(evidence.Risks).Value;
    }
}
