using SchemaGate.Cli;
using SchemaGate.Cli.GoBack;

namespace SchemaGate.Tests.Cli;

/// <summary>What <c>explain --to</c> is taken to mean.</summary>
public sealed class GoBackChoiceTests
{
    private static readonly WorkloadPast s_past = Past(
        "shop=r/schema:3,billing=r/bills:9",
        new(3, "shop-c", "shop=r/schema:3,billing=r/bills:9", ["r/app:3"], null),
        new(2, "shop-b", "shop=r/schema:2", ["r/app:2", "r/sidecar:1"], null),
        new(1, "shop-a", "shop=r/schema:2", ["r/app:1", "r/sidecar:1"], null),
        new(0, "shop-0", null, ["r/app:0"], null));

    [Theory]
    [InlineData("r/schema:2", "shop=r/schema:2", "shop-b", "shop-a")]
    [InlineData("shop=r/schema:2", "shop=r/schema:2", "shop-b", "shop-a")]
    [InlineData("r/app:1", "shop=r/schema:2", "shop-a")]
    [InlineData("r/sidecar:1", "shop=r/schema:2", "shop-b", "shop-a")]
    [InlineData("billing=r/app:3", "billing=r/bills:9", "shop-c")]
    [InlineData("shop=20240101000000_first", "shop=20240101000000_first")]
    [InlineData("other=r/schema:2", "other=r/schema:2")]
    public void An_image_is_a_requirement_or_a_containers_and_names_the_revisions_that_have_it(
        string to, string requirement, params string[] revisions)
    {
        GoBackChoice choice = GoBackChoice.Of(to, s_past);
        Assert.Equal(requirement, choice.Requirement.ToString());
        Assert.Equal(revisions, choice.Revisions.Select(revision => revision.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_workload_with_one_gate_needs_not_name_it()
    {
        GoBackChoice choice = GoBackChoice.Of("r/schema:1", Past("shop=r/schema:3"));
        Assert.Equal(("shop=r/schema:1", 0), (choice.Requirement.ToString(), choice.Revisions.Count));
    }

    [Theory]
    [InlineData("r/schema:1", "requires shop, billing. Name one: --to GATE=IMAGE.")]
    [InlineData("r/app:3", "several requirements of deployment/shop are meant: shop=r/schema:3, billing=r/bills:9.")]
    [InlineData("r/app:0", "revision 0 (shop-0) of deployment/shop has that image and requires no gate")]
    [InlineData("billing=r/app:2", "has that image and requires nothing of billing")]
    [InlineData("shop=", "write an image, a migration's name, or GATE=IMAGE")]
    [InlineData("Shop/1=r/schema:2", "write an image, a migration's name, or GATE=IMAGE")]
    public void What_does_not_tell_one_requirement_is_refused(string to, string says) => Assert.Contains(
        says, Assert.Throws<UsageException>(() => GoBackChoice.Of(to, s_past)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_URL_in_the_wrong_place_is_not_quoted() => Assert.DoesNotContain(
        "secret", Assert.Throws<UsageException>(() => GoBackChoice.Of("postgresql://u:secret@h/d", s_past)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_workload_that_requires_nothing_names_no_gate() => Assert.Contains(
        "requires no gate", Assert.Throws<UsageException>(() => GoBackChoice.Of("r/schema:1", Past(null))).Message,
        StringComparison.Ordinal);

    internal static WorkloadPast Past(string? requires, params PastRevision[] revisions) =>
        new("deployment/shop", requires, IsGated: true, revisions, revision => $"undo {revision.Number}");
}
