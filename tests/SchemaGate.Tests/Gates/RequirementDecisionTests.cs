using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Tests.Changelogs;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

public sealed class RequirementDecisionTests
{
    private static readonly Requirement s_image = new("shop", Reference);

    [Fact]
    public void A_subset_of_what_is_applied_is_satisfied_and_the_release_says_of_what()
    {
        Release release = Satisfied(s_image, Input(Image(Ms(1, 2)), Applied(Ms(1, 5))));
        Assert.Equal(new("shop", Reference, Digest, M(2), Identity.ToString(), Now, Reasons.Satisfied), release);
    }

    [Fact]
    public void One_missing_migration_closes() =>
        Assert.Contains(M(2), Closed(
            s_image, Input(Image(Ms(1, 3)), Applied(M(1), M(3))), Reasons.MigrationsPending).Message, StringComparison.Ordinal);

    [Fact]
    public void A_named_migration_needs_no_image()
    {
        GateInput input = Input(9, 3).RegistryOut();
        Assert.Equal(M(3), Satisfied(new("shop", M(3)), input, digest: null).Through);
        Closed(new("shop", M(4)), input, Reasons.MigrationsPending);
    }

    [Fact]
    public void A_lesser_requirement_passes_while_the_gate_is_blocked()
    {
        GateInput gate = Input(9, 3);
        Assert.Equal(Verdict.Blocked, GateDecision.Decide(gate).Verdict);
        Satisfied(s_image, gate with { Changelog = new Evidence<ChangelogEvidence>.Found(Image(Ms(1, 3))) });
    }

    [Fact]
    public void What_concerns_the_gate_only_does_not_close_a_requirement()
    {
        DatabaseState state = State(
            [.. Ms(1, 3).Select(name => Row(name)), Row(M(9), HistoryRowState.Unfinished), Row("20990101000000_later")]);
        GateInput input = Input(Image(Ms(1, 3)), state).With(policy => policy with { DatabaseAhead = PolicyMode.Block });
        Assert.Equal(Reasons.MigrationFailed, GateDecision.Decide(input).Reason);
        Satisfied(s_image, input);
    }

    [Fact]
    public void A_failed_migration_that_is_required_closes_with_what_to_do() => Assert.Contains(
        "resolve --rolled-back",
        Closed(s_image, Input(Image(Ms(1, 2)), State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished))), Reasons.MigrationFailed).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_pending_change_in_the_revision_s_own_image_closes_it() => Closed(
        s_image, Input(
            Image([M(1)], Document.Of(pending: Entry("add_x", "PENDING"), migrated: Entry(M(1)))), Applied(M(1))), Reasons.PendingChanges);

    [Theory]
    [InlineData(Reasons.DatabaseAccessDenied)]
    [InlineData(Reasons.DatabaseMissing)]
    [InlineData(Reasons.SecretNotFound)]
    [InlineData(Reasons.HistoryUnreadable)]
    public void A_database_that_cannot_be_judged_keeps_it_closed_whatever_was_released(string reason) => Closed(
        s_image, Recorded(Input(2, 2)) with { Database = new Evidence<DatabaseState>.Missing(reason, "Mend it.") }, reason);

    [Theory]
    [InlineData(Reasons.ImageNotFound)]
    [InlineData(Reasons.RegistryAccessDenied)]
    [InlineData(Reasons.MigrationsNotFound)]
    public void An_image_that_cannot_be_judged_keeps_it_closed(string reason) =>
        Closed(s_image, Input(2, 2) with { Changelog = new Evidence<ChangelogEvidence>.Missing(reason, "Push it.") }, reason);

    [Fact]
    public void A_registry_that_is_out_keeps_it_closed_even_where_the_gate_stays_open()
    {
        GateInput input = Input(2, 2);
        GateInput later = Recorded(input.After(GateDecision.Decide(input), TimeSpan.FromMinutes(1))).RegistryOut();
        Assert.Equal(Verdict.Open, GateDecision.Decide(later).Verdict);
        Closed(s_image, later, Reasons.RegistryUnreachable);
    }

    [Fact]
    public void A_standby_and_a_missing_baseline_keep_it_closed()
    {
        Closed(s_image, Input(Image([M(1)]), Applied(M(1)) with { IsStandby = true }), Reasons.DatabaseIsStandby);
        Closed(new("shop", M(1)), Input(Image([M(1)]), Applied(M(1)) with { IsStandby = true }), Reasons.DatabaseIsStandby);
        Closed(s_image, Input(Image([M(1)]), State() with { History = null }), Reasons.BaselineRequired);
    }

    [Fact]
    public void A_suspended_gate_releases_nothing()
    {
        Closed(s_image, Input(2, 2).With(spec => spec with { Suspend = true }), Reasons.Suspended);
        Closed(s_image, Recorded(Input(2, 2)).DatabaseOut().With(spec => spec with { Suspend = true }), Reasons.Suspended);
    }

    [Fact]
    public void An_outage_honours_a_recorded_release_of_the_same_digest()
    {
        GateInput input = Recorded(Input(2, 2)).DatabaseOut();
        Assert.Equal(Release(through: M(2)), Satisfied(s_image, input));
        Satisfied(new("shop", "mirror.test/shop/schema:other-tag"), input);
        Closed(s_image, input, Reasons.DatabaseUnreachable, digest: "sha256:2");
        Closed(s_image, input, Reasons.DatabaseUnreachable, digest: null);
    }

    [Fact]
    public void An_outage_honours_a_recorded_release_of_the_same_migration()
    {
        GateInput input = Input(2, 2).DatabaseOut() with { Released = [Release(M(2), digest: null, through: M(2))] };
        Satisfied(new("shop", M(2)), input, digest: null);
        Closed(new("shop", M(1)), input, Reasons.DatabaseUnreachable, digest: null);
    }

    [Fact]
    public void An_outage_honours_a_release_only_in_the_database_that_this_url_is_known_to_name()
    {
        GateInput input = Recorded(Input(2, 2)).DatabaseOut();
        Closed(s_image, input with { KnownIdentity = null }, Reasons.DatabaseUnreachable);
        Closed(s_image, input with { KnownIdentity = "9/shop/public" }, Reasons.DatabaseUnreachable);
    }

    [Fact]
    public void An_outage_honours_a_release_only_as_far_as_it_went()
    {
        GateInput partial = Input(9, 2).DatabaseOut() with { Released = [Release(through: M(2))] };
        Closed(s_image, partial, Reasons.DatabaseUnreachable);
        Satisfied(s_image, partial.With(spec => spec with { Through = M(2) }));
    }

    [Fact]
    public void An_adoption_is_no_evidence_for_another_revision() => Closed(
        s_image, Input(2, 2).DatabaseOut() with { Released = [Release(through: M(2)) with { Reason = Reasons.Adopted }] },
        Reasons.DatabaseUnreachable);

    [Fact]
    public void A_requirement_goes_as_far_as_the_gate_says() =>
        Assert.Equal(M(2), Satisfied(s_image, Input(9, 2).With(spec => spec with { Through = M(2) })).Through);

    private static GateInput Recorded(GateInput input) => input with { Released = [Release(through: M(2))] };

    private static Release Satisfied(Requirement requirement, GateInput input, string? digest = Digest) =>
        Assert.IsType<RequirementOutcome.Satisfied>(RequirementDecision.Decide(requirement, input, digest)).Release;

    private static RequirementOutcome.Closed Closed(Requirement requirement, GateInput input, string reason, string? digest = Digest)
    {
        RequirementOutcome.Closed closed = Assert.IsType<RequirementOutcome.Closed>(RequirementDecision.Decide(requirement, input, digest));
        Assert.Equal(reason, closed.Reason);
        return closed;
    }
}
