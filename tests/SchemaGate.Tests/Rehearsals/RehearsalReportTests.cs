using System.Text;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Tests.Rehearsals;

public sealed class RehearsalReportTests
{
    private static readonly RehearsalReport Report = new(
        [new("a", 12) { Lock = "AccessExclusive", Relation = "users", Rewrites = 1 }], 1)
    {
        Failure = new(FailureClass.Permanent, "MigrationFailed", "b, line 3: no such column (42703).") { Migration = "b", Line = 3 },
        Rollbacks = [new("a", RollbackResult.Differs, "users.email is not there any more")],
        Statements = new(40, 1, 2, 3)
        {
            First = [new("SELECT \"email\" FROM users WHERE id = $1", 1200, "b") { Line = 3, SqlState = "42703", Message = "no" }],
            BrokenBy = ["b"],
        },
    };

    [Fact]
    public void Report_is_read_back_as_it_was_written()
    {
        RehearsalReport? read = RehearsalReport.FromJson(Report.ToJson());
        Assert.NotNull(read);
        Assert.Equal(Report.ToJson(), read.ToJson());
        Assert.Equal((1200, "b"), (read.Statements!.First[0].Calls, read.Statements.BrokenBy[0]));
        Assert.Equal((RollbackResult.Differs, "AccessExclusive"), (read.Rollbacks[0].Result, read.Migrations[0].Lock));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    public void Whatever_a_server_says_fits_into_a_termination_message_and_the_worst_is_kept(string text)
    {
        string words = string.Concat(Enumerable.Repeat(text, 20_000));
        string[] names = [.. Enumerable.Range(0, 500).Select(i => $"2026010100{i:0000}_a_migration_with_a_long_name")];
        RehearsalReport report = new([.. names.Select(name => new ReportedMigration(name, 1))], 500)
        {
            Failure = Report.Failure! with { Message = words, Statement = words },
            Rollbacks =
                [.. names.Select(name => new ReportedRollback(name, RollbackResult.AsItWas)), new("z", RollbackResult.Failed, words)],
            Statements = new(1, 500, 0, 0)
            {
                First = [.. names.Select(name => new BrokenStatement(words, 1, name) { Message = words })],
                BrokenBy = names,
            },
        };
        string json = report.ToJson();
        Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, RunReport.Longest);
        RehearsalReport read = RehearsalReport.FromJson(json)!;
        Assert.Equal((500, 500, names[0]), (read.Count, read.Statements!.Broken, read.Statements.First[0].Migration));
        Assert.StartsWith(text, read.Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(read.Rollbacks.Skip(1), rollback => rollback.Result == RollbackResult.Failed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"migrations":null,"count":1}""")]
    [InlineData("""{"migrations":[null],"count":1}""")]
    [InlineData("""{"migrations":[],"count":1,"rollbacks":null}""")]
    [InlineData("""{"migrations":[],"count":1,"failure":{"class":"Permanent","kind":"a"}}""")]
    [InlineData("""{"migrations":[],"count":1,"statements":{"proven":1,"broken":1,"first":[{"calls":1}]}}""")]
    [InlineData("""{"applied":[],"appliedCount":0,"alreadyApplied":2}""")]
    public void What_is_no_such_report_is_none(string? text) => Assert.Null(RehearsalReport.FromJson(text));
}
