using System.Text;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Tests.Migrations;

public sealed class RunReportTests
{
    private static readonly RunFailure Failure = new(
        FailureClass.Permanent, "MigrationFailed", "20260101000000_a, line 3, column 1: no such column.")
    {
        Migration = "20260101000000_a",
        Line = 3,
        Statement = "ALTER TABLE a DROP COLUMN b",
        SqlState = "42703",
        RolledBack = true,
        Next = ["schemagate resolve --rolled-back 20260101000000_a"],
    };

    [Fact]
    public void Report_is_read_back_as_it_was_written()
    {
        RunReport report = new([new("a", 12), new("b", 7)], 2, 3, Failure);
        RunReport? read = RunReport.FromJson(report.ToJson());
        Assert.NotNull(read);
        Assert.Equal(report.ToJson(), read.ToJson());
        Assert.Equal(FailureClass.Permanent, read.Failure!.Class);
        Assert.Equal(Failure.Next, read.Failure.Next);
    }

    [Fact]
    public void Five_hundred_applied_migrations_fit_and_are_counted()
    {
        RunReport report = new([.. Enumerable.Range(0, 500)
            .Select(i => new RunApplied($"2026010100{i:0000}_a_migration_with_a_long_name", i))], 500, 0, Failure);
        RunReport read = RunReport.FromJson(report.ToJson())!;
        Assert.Equal(500, read.AppliedCount);
        Assert.Equal("20260101000499_a_migration_with_a_long_name", read.Applied[^1].Name);
        Assert.Equal(Failure.Message, read.Failure!.Message);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    public void Whatever_a_server_says_fits_into_a_termination_message(string text)
    {
        string words = string.Concat(Enumerable.Repeat(text, 20_000));
        RunReport report = new([], 0, 0, Failure with { Message = words, Statement = words, Hint = words, Next = [words] });
        string json = report.ToJson();
        Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, RunReport.Longest);
        Assert.StartsWith(text, RunReport.FromJson(json)!.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("applied")]
    [InlineData("""{"applied":[],"failure":{"class":"Permanent"}}""")]
    [InlineData("""{"applied":[],"failure":{"class":"Sometimes","kind":"a","message":"b"}}""")]
    public void What_is_no_report_is_not_read_as_one(string? text) => Assert.Null(RunReport.FromJson(text));
}
