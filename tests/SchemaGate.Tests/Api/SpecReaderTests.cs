using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Evidence;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Api;

public sealed class SpecReaderTests
{
    private static readonly SchemaGateSpec s_least = new()
    {
        Changelog = new() { Image = "registry.test/shop:1" },
        Database = new() { UrlFrom = new() { Name = "shop-db", Key = "DATABASE_URL" } },
    };

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(s_least);
        Assert.Empty(problems);
        Assert.Equal(
            new ChangelogSource("registry.test/shop:1", null, "prisma/migrations", TimeSpan.FromMinutes(5), false, false), spec.Changelog);
        Assert.Equal(new DatabaseSource("shop-db", "DATABASE_URL", null, TimeSpan.FromSeconds(30)), spec.Database);
        Assert.Equal(new GatePolicy(
            PolicyMode.Block, PolicyMode.Warn, PolicyMode.Warn, PolicyMode.Warn, PolicyMode.Warn, PolicyMode.Block), spec.Policy);
        Assert.Equal((null, Enforcement.Hold, false), (spec.Through, spec.Enforcement, spec.Suspend));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(s_least with
        {
            Changelog = new()
            {
                Image = "x:1",
                Document = "/docs/LOG.md",
                Migrations = "db/migrations/",
                Recheck = "1h",
                PlainHttp = true,
                RecordsThisDatabase = true,
            },
            Require = new() { Through = "m1" },
            Policy = new()
            {
                Undocumented = "Warn",
                RiskMismatch = "Block",
                Edited = "Block",
                OutOfOrder = "Ignore",
                DatabaseAhead = "Block",
                Unpinned = "Ignore",
                IgnoreUnknown = ["b_*"],
                Drift = "Block",
                IgnoreDrift = ["audit_*"],
            },
            Enforcement = "Observe",
            Suspend = true,
        });
        Assert.Empty(problems);
        Assert.Equal(new ChangelogSource("x:1", "docs/LOG.md", "db/migrations", TimeSpan.FromHours(1), true, true), spec.Changelog);
        Assert.Equal(new(
            PolicyMode.Warn, PolicyMode.Block, PolicyMode.Block, PolicyMode.Ignore, PolicyMode.Block, PolicyMode.Ignore,
            spec.Policy.IgnoreUnknown, ApprovalMode.Risky, PolicyMode.Block, spec.Policy.IgnoreDrift), spec.Policy);
        Assert.Equal("audit_*", Assert.Single(spec.Policy.IgnoreDrift!));
        Assert.Equal(
            ("m1", Enforcement.Observe, true, "b_*"), (spec.Through, spec.Enforcement, spec.Suspend, spec.Policy.IgnoreUnknown!.Single()));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Keys_are_counted_over_all_their_texts(int each, bool fits)
    {
        using Cosign cosign = new();
        string text = string.Join('\n', Enumerable.Repeat(cosign.PublicPem, each));
        IReadOnlyList<string> problems = SpecReader.Read(
            s_least with { Changelog = s_least.Changelog! with { Verify = new() { Keys = [text, text] } } },
            _ => null,
            ImageProblems.OfKeys).Problems;
        Assert.Equal(fits, problems.Count == 0);
        Assert.All(problems, problem => Assert.Contains("more than 16 keys", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Whose_signature_is_needed_is_read_and_a_need_without_a_key_is_a_problem()
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(s_least with
        {
            Changelog = s_least.Changelog! with
            {
                Verify = new() { Keys = ["PEM"], KeysFrom = new() { Name = "signers", Key = "cosign.pub" } },
            },
        });
        Assert.Empty(problems);
        ImageVerification verify = spec.Changelog.Verify!;
        Assert.Equal(("PEM", "signers", "cosign.pub"), (Assert.Single(verify.Keys), verify.SecretName, verify.SecretKey));
        Assert.Contains(("spec.changelog.verify.keysFrom.name", "signers"), spec.Secrets);
        Assert.Equal(
            "spec.changelog.verify needs keys or keysFrom: without a key no signature could count.",
            Assert.Single(SpecReader.Read(s_least with { Changelog = s_least.Changelog! with { Verify = new() } }).Problems));
    }

    [Theory]
    [InlineData("BeforeRun", "Block", null)]
    [InlineData(null, "Warn", null)]
    [InlineData(null, "Block", "spec.policy.breaks: Block needs spec.rehearsal.mode: BeforeRun, which finds out what breaks.")]
    public void Statements_that_nobody_proves_cannot_be_asked_for(string? mode, string breaks, string? problem)
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(
            s_least with { Rehearsal = new() { Mode = mode }, Policy = new() { Breaks = breaks, Contract = "Ignore" } });
        Assert.Equal(problem, problems.SingleOrDefault());
        Assert.Equal((mode ?? "Never", breaks, "Ignore"), ($"{spec.Rehearsal.Mode}", $"{spec.Policy.Breaks}", $"{spec.Policy.Contract}"));
    }

    [Fact]
    public void A_tool_is_read_for_the_history_and_for_the_migrations()
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(
            s_least with { Database = s_least.Database! with { Tool = "GolangMigrate" } });
        Assert.Empty(problems);
        Assert.Equal((MigrationTool.GolangMigrate, MigrationTool.GolangMigrate), (spec.Database.Tool, spec.Changelog.Tool));
        Assert.StartsWith("spec.database.tool must be one of Prisma, Flyway,", Assert.Single(
            SpecReader.Read(s_least with { Database = s_least.Database! with { Tool = "flyway" } }).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once() => Assert.Equal(
        ["spec.changelog.image is missing.", "spec.database.urlFrom.name is missing.", "spec.database.urlFrom.key is missing."],
        SpecReader.Read(new()).Problems);

    [Theory]
    [InlineData("../secrets.md")]
    [InlineData("docs//LOG.md")]
    [InlineData("./LOG.md")]
    [InlineData("/")]
    [InlineData("")]
    public void A_path_that_leads_elsewhere_is_told(string path) => Assert.Contains("must be a path inside the image",
        Assert.Single(
            SpecReader.Read(s_least with { Changelog = s_least.Changelog! with { Document = path } }).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_duration_that_is_none_is_told_and_the_default_stands_in()
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(
            s_least with { Database = s_least.Database! with { Recheck = "0s" } });
        Assert.Equal("spec.database.recheck must be a duration between 1s and 24h, such as 30s or 5m.", Assert.Single(problems));
        Assert.Equal(TimeSpan.FromSeconds(30), spec.Database.Recheck);
    }

    [Fact]
    public void How_often_a_schema_is_compared_is_read()
    {
        Assert.Equal(TimeSpan.FromHours(1), SpecReader.Read(s_least).Spec.Database.DriftRecheck);
        Assert.Equal(TimeSpan.FromMinutes(10), SpecReader.Read(
            s_least with { Database = s_least.Database! with { DriftRecheck = "10m" } }).Spec.Database.DriftRecheck);
        Assert.Equal(
            "spec.database.driftRecheck must be a duration between 1s and 24h, such as 30s or 5m.",
            Assert.Single(SpecReader.Read(s_least with { Database = s_least.Database! with { DriftRecheck = "25h" } }).Problems));
    }

    [Theory]
    [InlineData("block")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("Block,Warn")]
    public void A_word_that_is_no_choice_is_told_with_the_choices(string word)
    {
        (GateSpec spec, IReadOnlyList<string> problems) = SpecReader.Read(s_least with { Policy = new() { Edited = word } });
        Assert.Equal("spec.policy.edited must be one of Block, Warn, Ignore.", Assert.Single(problems));
        Assert.Equal(PolicyMode.Warn, spec.Policy.Edited);
    }
}
