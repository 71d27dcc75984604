using SchemaGate.Cli.GoBack;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Cli;

/// <summary>Whether the statements that a server has counted can be those of older code.</summary>
public sealed class GoBackCoverageTests
{
    private static readonly PastRevision s_old = new(1, "shop-a", "shop=r/schema:1", [], Hour(1));
    private static readonly PastRevision s_new = new(2, "shop-b", "shop=r/schema:2", [], Hour(5));

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, null)]
    [InlineData(4, "when the first of these migrations had run already")]
    [InlineData(5, "when revision 1 (shop-a) had been replaced already")]
    [InlineData(6, "since 2026-01-01 06:00 UTC, when revision 1 (shop-a) had been replaced already")]
    public void What_was_counted_counts_from_before_the_migrations_and_the_successor(int since, string? gap) => Says(gap, Gap(since));

    [Fact]
    public void A_revision_that_runs_is_not_replaced() =>
        Assert.Null(GoBackCoverage.Gap(
            new(Hour(6), IsSure: true), null, Choice(s_old with { Runs = true }), [s_new, s_old with { Runs = true }], false));

    [Fact]
    public void Migrations_whose_time_nobody_kept_leave_the_revisions_to_tell() =>
        Assert.Null(GoBackCoverage.Gap(new(Hour(4), IsSure: true), null, Choice(s_old), [s_new, s_old], false));

    [Fact]
    public void What_is_on_no_record_may_never_have_run_here()
    {
        Says("No revision on record requires it", GoBackCoverage.Gap(
            new(Hour(0), IsSure: true), Hour(4), Choice(), [s_new], wasReleased: false));
        Assert.Null(GoBackCoverage.Gap(new(Hour(0), IsSure: true), Hour(4), Choice(), [s_new], wasReleased: true));
        Says("had run already", GoBackCoverage.Gap(
            new(Hour(4), IsSure: true), Hour(4), Choice(), [s_new], wasReleased: true));
    }

    [Fact]
    public void A_time_that_is_not_sure_of_the_database_proves_nothing() => Says(
        "keeps no time at which the statistics of one database or role were reset",
        GoBackCoverage.Gap(new(Hour(0), IsSure: false), Hour(4), Choice(s_old), [s_new, s_old], wasReleased: true));

    [Fact]
    public void Older_codes_time_is_over_with_the_first_of_what_it_lacks_or_its_successor()
    {
        Assert.Equal(Hour(4), GoBackCoverage.End(Hour(4), Choice(s_old), [s_new, s_old]));
        Assert.Equal(Hour(5), GoBackCoverage.End(Hour(6), Choice(s_old), [s_new, s_old]));
        Assert.Null(GoBackCoverage.End(null, Choice(), [s_new]));
    }

    [Fact]
    public void A_server_that_has_dropped_statements_may_have_dropped_the_older_codes() => Says(
        "dropping old ones",
        GoBackCoverage.Gap(new(Hour(0), IsSure: true, Evicted: 1), Hour(4), Choice(s_old), [s_new, s_old], wasReleased: true));

    [Fact]
    public void What_a_rollback_replaced_was_so_at_a_time_that_nobody_kept()
    {
        PastRevision again = s_old with { Number = 3, Runs = true };
        Says("Nothing tells when revision 2 (shop-b) was replaced", GoBackCoverage.Gap(
            new(Hour(0), IsSure: true), migrated: null, Choice(s_new), [again, s_new], wasReleased: true));
        PastRevision third = new(4, "shop-c", "shop=r/schema:3", [], Hour(9));
        Says("Nothing tells when revision 2 (shop-b) was replaced", GoBackCoverage.Gap(
            new(Hour(0), IsSure: true), migrated: null, Choice(s_new), [s_old with { Number = 5 }, third, s_new], wasReleased: true));
        Assert.Null(GoBackCoverage.Gap(new(Hour(8), IsSure: true), migrated: null, Choice(third), [third, again, s_new], true));
    }

    [Fact]
    public void Whoever_wrote_a_file_knows_whose_statements_they_are() =>
        Assert.Null(GoBackCoverage.Gap(since: null, Hour(4), Choice(), [s_new], wasReleased: false));

    private static string? Gap(int since) => GoBackCoverage.Gap(
        new(Hour(since), IsSure: true), Hour(4), Choice(s_old), [s_new, s_old], wasReleased: true);

    private static void Says(string? expected, string? gap)
    {
        Assert.Equal(expected is null, gap is null);
        Assert.Contains(expected ?? "", gap ?? "", StringComparison.Ordinal);
    }

    private static GoBackChoice Choice(params PastRevision[] revisions) => new(new Requirement("shop", "r/schema:1"), revisions);

    private static DateTimeOffset Hour(int hour) => new(2026, 1, 1, hour, 0, 0, TimeSpan.Zero);
}
