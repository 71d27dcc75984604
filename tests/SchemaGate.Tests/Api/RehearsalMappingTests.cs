using SchemaGate.Api;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;

namespace SchemaGate.Tests.Api;

public sealed class RehearsalMappingTests
{
    private static readonly DateTimeOffset s_time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<RehearsalResult> Results => [.. Enum.GetValues<RehearsalResult>()];

    [Theory]
    [MemberData(nameof(Results))]
    public void What_status_keeps_is_read_back_as_it_was(RehearsalResult result)
    {
        RunFailure failure = new(FailureClass.Permanent, "MigrationFailed", "no") { Migration = "m2", Line = 3, SqlState = "42703" };
        RehearsalRecord record = new("job", "plan", 2, 1)
        {
            StartedAt = s_time,
            FinishedAt = s_time.AddSeconds(9),
            Result = result,
            NextAttemptAt = s_time.AddSeconds(20),
            Retry = "now",
            Settings = "s",
            Report = new([new("m1", 12) { Lock = "AccessExclusive", Relation = "users", Rewrites = 1 }], 1)
            {
                Failure = result == RehearsalResult.Failed ? failure : null,
                Unavailable = result == RehearsalResult.Unavailable ? failure : null,
                Rollbacks = [new("m1", RollbackResult.Differs, "users is there")],
                Statements = new(1, 2, 3, 4)
                {
                    First = [new("SELECT 1", 5, "m1") { Line = 1, SqlState = "42703", Message = "no" }],
                    BrokenBy = ["m1"],
                    Unavailable = "why",
                },
            },
        };
        RehearsalRecord read = RehearsalMapping.Record(RehearsalMapping.Status(record))!;
        Assert.Equal(record.Report!.ToJson(), read.Report!.ToJson());
        Assert.Equal(record with { Report = null }, read with { Report = null });
    }

    [Fact]
    public void Of_many_migrations_the_last_are_kept_and_of_their_rollbacks_what_went_wrong()
    {
        string[] names = [.. Enumerable.Range(1, 21).Select(number => $"m{number}")];
        RehearsalReport report = new([.. names.Select(name => new ReportedMigration(name, 1))], names.Length)
        {
            Rollbacks = [.. names.Select(name => new ReportedRollback(
                name, name == "m21" ? RollbackResult.Failed : RollbackResult.AsItWas, null))],
        };
        RehearsalReport read = RehearsalMapping.Record(
            RehearsalMapping.Status(new("job", "plan", 1, 0) { Result = RehearsalResult.Passed, Report = report }))!.Report!;
        Assert.Equal(names[1..], read.Migrations.Select(migration => migration.Name), StringComparer.Ordinal);
        Assert.Equal((20, "m21"), (read.Rollbacks.Count, read.Rollbacks[0].Migration));
    }

    [Fact]
    public void What_runs_has_no_report() => Assert.Equal(
        new RehearsalRecord("job", "plan", 1, 0), RehearsalMapping.Record(RehearsalMapping.Status(new("job", "plan", 1, 0))));

    [Theory]
    [InlineData(null)]
    [InlineData("job")]
    public void What_is_no_such_status_is_none(string? job) => Assert.Null(RehearsalMapping.Record(new() { Job = job }));
}
