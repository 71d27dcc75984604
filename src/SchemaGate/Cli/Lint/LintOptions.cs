using System.CommandLine;
using SchemaGate.Cli.Reports;
using SchemaGate.Cli.Verify;
using SchemaGate.Core.Risk.Locks;

namespace SchemaGate.Cli.Lint;

/// <summary>The options of <c>lint</c>.</summary>
internal static class LintOptions
{
    public static Argument<string[]> Paths { get; } = CreatePaths();

    public static Option<string[]> Images { get; } =
        new("--image") { HelpName = "REF", Description = "An image whose migrations are judged. Repeatable." };

    public static Option<string?> Since { get; } =
        new("--since") { HelpName = "MIGRATION", Description = "Judge what comes after this migration; the earlier ones are context." };

    public static Option<string[]> Only { get; } =
        new("--only") { HelpName = "MIGRATION", Description = "Judge this migration; the earlier ones are context. Repeatable." };

    public static Option<string?> ChangedSince { get; } = BranchOptions.CreateRevision(
        "Judge migrations whose files the branch adds to this revision of git, or edits; the others are context.");

    public static Option<int?> PostgresVersion { get; } = CreateVersion();

    public static Option<string?> FailOn { get; } = CreateFailOn();

    public static Option<bool> Conventions { get; } =
        new("--conventions") { Description = "Judge conventions, too: matters of taste that are off by default." };

    public static Option<string?> Configuration { get; } = new("--config")
    {
        HelpName = "FILE",
        Description = $"The configuration. Default: {LintConfiguration.FileName} beside the first PATH or above it, "
            + "up to the repository's root.",
    };

    public static Option<string?> KnownFindings { get; } =
        new("--baseline") { HelpName = "FILE", Description = "Hide the findings that this file lists." };

    public static Option<string?> WriteBaseline { get; } =
        new("--write-baseline") { HelpName = "FILE", Description = "Write a baseline of all findings of this run, and hide them." };

    public static Option<string?> Explain { get; } =
        new("--explain") { HelpName = "RULE", Description = "Print a rule's page: why, bad SQL, the safe way, exceptions." };

    public static Option<bool> Rules { get; } = new("--rules") { Description = "List the rules." };

    public static IReadOnlyList<Option> All { get; } =
    [
        Images, .. ImageOptions.All, Since, Only, ChangedSince, PostgresVersion, FailOn, Conventions, Configuration, KnownFindings,
        WriteBaseline, Explain, Rules, ReportOutput.Option,
    ];

    private static Argument<string[]> CreatePaths()
    {
        Argument<string[]> paths = new("PATH")
        {
            Description = "SQL files, directories, or - for standard input. Default: the current directory.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        paths.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value))
            {
                if (given.Contains("://", StringComparison.Ordinal))
                {
                    result.AddError("PATH is a file or a directory; an image stands behind --image.");
                }
                else if (given is ['-', _, ..])
                {
                    result.AddError($"There is no option {given}.");
                }
            }
        });
        return paths;
    }

    private static Option<int?> CreateVersion()
    {
        Option<int?> option = new("--postgres-version")
        {
            HelpName = "MAJOR",
            Description = $"The target's major version. Without it, what holds on all of {ServerVersion.Oldest} to {ServerVersion.Newest}.",
        };
        option.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens is [var token] ? token.Value : "", out int version)
                || version is < LintConfigurationReader.OldestVersion or > LintConfigurationReader.NewestVersion)
            {
                result.AddError("--postgres-version is a major version, such as 15.");
            }
        });
        return option;
    }

    private static Option<string?> CreateFailOn()
    {
        Option<string?> option = new("--fail-on") { Description = "The least finding that fails. Default: risky." };
        return option.AcceptOnlyFromAmong([.. LintConfigurationReader.Thresholds]);
    }
}
