using SchemaGate.Core.Gates;
using static SchemaGate.Tests.Gates.GivenWorkload;

namespace SchemaGate.Tests.Gates;

public sealed class ReleaseProofTests
{
    private static readonly Requirement s_tag = new("shop", Given.Reference);
    private static readonly Requirement s_migration = new("shop", Given.M(2));
    private static readonly Release s_image = Given.Release(through: Given.M(2));

    [Fact]
    public void A_tag_is_proved_by_a_release_of_the_digest_that_it_names_now()
    {
        Assert.Equal(s_image, ReleaseProof.Of(s_tag, Gate(s_image), Given.Digest));
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image), "sha256:2"));
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image), digest: null));
    }

    [Fact]
    public void A_migration_s_name_needs_no_digest()
    {
        Release named = Given.Release(Given.M(2), digest: null, through: Given.M(2));
        Assert.Equal(named, ReleaseProof.Of(s_migration, Gate(named), digest: null));
        Assert.Null(ReleaseProof.Of(s_migration with { Value = Given.M(3) }, Gate(named), digest: null));
    }

    [Fact]
    public void The_newest_release_counts() => Assert.Equal(
        Given.Now.AddDays(1), ReleaseProof.Of(s_tag, Gate(s_image, s_image with { At = Given.Now.AddDays(1) }), Given.Digest)!.At);

    [Theory]
    [InlineData(Reasons.Adopted)]
    [InlineData(Reasons.Overridden)]
    [InlineData(Reasons.HistoryRegressed)]
    public void What_ran_was_opened_or_is_lost_proves_nothing_for_another_revision(string reason) => None(s_image with { Reason = reason });

    [Fact]
    public void Another_database_s_or_another_gate_s_release_proves_nothing()
    {
        None(s_image with { Identity = "9/shop/public" });
        None(s_image with { Gate = "billing" });
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image) with { View = Shop with { Identity = null } }, Given.Digest));
    }

    [Fact]
    public void A_release_that_required_another_part_of_the_image_proves_nothing()
    {
        None(s_image with { Scope = $"prisma/migrations through {Given.M(1)}" });
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image) with { Scope = "db/migrations" }, Given.Digest));
    }

    [Theory]
    [InlineData(Reasons.SecretNotFound)]
    [InlineData(Reasons.DatabaseUrlInvalid)]
    [InlineData(Reasons.DatabaseAccessDenied)]
    [InlineData(Reasons.DatabaseMissing)]
    public void A_database_that_is_named_otherwise_proves_nothing_and_one_that_is_away_does(string reason)
    {
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image) with { Unread = reason }, Given.Digest));
        Assert.Equal(s_image, ReleaseProof.Of(s_tag, Gate(s_image) with { Unread = Reasons.DatabaseUnreachable }, Given.Digest));
    }

    [Fact]
    public void A_gate_that_is_suspended_or_not_there_proves_nothing()
    {
        Assert.Null(ReleaseProof.Of(s_tag, Gate(s_image) with { View = Shop with { Suspend = true } }, Given.Digest));
        Assert.Null(ReleaseProof.Of(s_tag, gate: null, Given.Digest));
        Assert.Null(ReleaseProof.Of(s_tag with { Value = null }, Gate(s_image), Given.Digest));
    }

    private static void None(Release release)
    {
        Assert.Null(ReleaseProof.Of(s_tag, Gate(release), Given.Digest));
        Assert.False(ReleaseProof.IsPossible(s_tag, Gate(release)));
    }

    private static GateStanding Gate(params IReadOnlyList<Release> released) => new(
        Shop, "other:1", Current: true, Verdict.Blocked, Reasons.MigrationsPending, "", null, null, released);
}
