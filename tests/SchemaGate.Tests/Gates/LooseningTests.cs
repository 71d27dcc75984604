using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>Which changes of a spec let more through.</summary>
public sealed class LooseningTests
{
    private static readonly GateSpec s_spec = Input(1, 1).Spec;

    [Fact]
    public void Every_policy_that_blocked_and_blocks_no_more_is_one()
    {
        GatePolicy block = new(
            PolicyMode.Block, PolicyMode.Block, PolicyMode.Block, PolicyMode.Block, PolicyMode.Block, PolicyMode.Block, [],
            ApprovalMode.Always, PolicyMode.Block, [])
        {
            Breaks = PolicyMode.Block,
            Contract = ContractMode.Wait,
        };
        GatePolicy warn = new(
            PolicyMode.Warn, PolicyMode.Ignore, PolicyMode.Warn, PolicyMode.Ignore, PolicyMode.Warn, PolicyMode.Ignore, ["other*"],
            ApprovalMode.Risky, PolicyMode.Warn, ["audit_*"])
        {
            Breaks = PolicyMode.Warn,
            Contract = ContractMode.Warn,
        };
        // Whoever adds a policy adds a sentence here.
        Assert.Equal(typeof(GatePolicy).GetProperties().Count(property => property.Name != "EqualityContract"), Of(block, warn).Count);
        Assert.Empty(Of(warn, block));
        Assert.Empty(Of(block, block));
        Assert.Empty(Of(warn with { Edited = PolicyMode.Warn }, warn with { Edited = PolicyMode.Ignore }));
    }

    [Theory]
    [InlineData(Enforcement.Deny, Enforcement.Observe, 1)]
    [InlineData(Enforcement.Pods, Enforcement.Observe, 1)]
    [InlineData(Enforcement.Observe, Enforcement.Observe, 0)]
    [InlineData(Enforcement.Observe, Enforcement.Hold, 0)]
    [InlineData(Enforcement.Deny, Enforcement.Pods, 0)]
    public void Nothing_is_let_through_until_a_gate_only_observes(Enforcement before, Enforcement now, int count) =>
        Assert.Equal(count, Loosening.Of(s_spec with { Enforcement = before }, s_spec with { Enforcement = now }).Count);

    [Fact]
    public void Who_rehearses_no_more_runs_what_may_fail() => Assert.Equal(
        "spec.rehearsal.mode from BeforeRun to Never",
        Assert.Single(Loosening.Of(s_spec with { Rehearsal = new(RehearsalMode.BeforeRun) }, s_spec)).ToString());

    [Fact]
    public void A_scratch_database_like_another_may_be_one_that_cannot_be_made()
    {
        GateSpec before = s_spec with { Rehearsal = new(RehearsalMode.BeforeRun) };
        GateSpec now = s_spec with { Rehearsal = before.Rehearsal with { Like = RehearsalLikeness.Live } };
        Assert.Equal("spec.rehearsal.like from History to Live", Assert.Single(Loosening.Of(before, now)).ToString());
    }

    [Fact]
    public void Another_scratch_server_may_be_one_on_which_nothing_is_proved()
    {
        GateSpec before = s_spec with { Rehearsal = new(RehearsalMode.BeforeRun) };
        GateSpec now = s_spec with { Rehearsal = new(RehearsalMode.BeforeRun, new("scratch", "URL")) };
        Assert.Equal("spec.rehearsal.scratchUrlFrom from none to scratch/URL", Assert.Single(Loosening.Of(before, now)).ToString());
        Assert.Empty(Loosening.Of(now, now));
        Assert.Empty(Loosening.Of(s_spec, now));
    }

    [Fact]
    public void A_gate_that_is_frozen_lets_through_what_is_not_held_yet() =>
        Assert.Equal("spec.suspend from false to true", Assert.Single(Loosening.Of(s_spec, s_spec with { Suspend = true })).ToString());

    [Theory]
    [InlineData(null, "a", null)]
    [InlineData("a", "a", null)]
    [InlineData("a,b", "b", null)]
    [InlineData("a@s", "a", null)]
    [InlineData("a", null, "spec.changelog.verify from its keys to none")]
    [InlineData("a", "b", "spec.changelog.verify from its keys to others")]
    [InlineData("a", "a,b", "spec.changelog.verify from its keys to others")]
    [InlineData("a", "a@s", "spec.changelog.verify from its keys to others")]
    [InlineData("@s", "@t", "spec.changelog.verify from its keys to others")]
    public void A_signature_that_is_required_no_more_or_of_another_key_is_one(string? before, string? now, string? loosening) =>
        Assert.Equal(loosening, Loosening.Of(Signed(before), Signed(now)).SingleOrDefault()?.ToString());

    private static GateSpec Signed(string? keys) => s_spec with
    {
        Changelog = s_spec.Changelog with { Verify = keys is null ? null : Keys(keys.Split('@')) },
    };

    private static ImageVerification Keys(string[] parts) => new(
        parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries), parts.ElementAtOrDefault(1), parts.Length > 1 ? "cosign.pub" : null);

    private static IReadOnlyList<Loosening> Of(GatePolicy before, GatePolicy now) =>
        Loosening.Of(s_spec with { Policy = before }, s_spec with { Policy = now });
}
