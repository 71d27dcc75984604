using System.CommandLine;

namespace SchemaGate.Cli.Verify;

/// <summary><c>--changed-since</c>, and what goes with it on a command line.</summary>
internal static class BranchOptions
{
    private static readonly Option<string?> ChangedSince = CreateRevision(
        "Judge what the branch adds to this revision of git, such as origin/main: by files alone.");

    private static readonly Option<string?> PrismaSchema = new("--prisma-schema")
    {
        HelpName = "PATH",
        Description = "With --changed-since: Prisma's schema file, or the directory of several, below PATH. Default: what lies beside the "
            + "migrations directory, and schema.prisma.",
    };

    public static IReadOnlyList<Option> All { get; } = [ChangedSince, PrismaSchema];

    /// <summary>The revision; null where no branch is asked about.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="others">Options that say something of a database, which no branch has.</param>
    /// <exception cref="UsageException">They cannot be meant so.</exception>
    public static string? Revision(ParseResult arguments, IEnumerable<Option> others)
    {
        string? revision = arguments.GetValue(ChangedSince);
        if (revision is null && arguments.GetValue(PrismaSchema) is not null)
        {
            throw new UsageException("--prisma-schema goes with --changed-since.");
        }

        // Left out in silence, it would look like a database that was asked.
        if (revision is not null && others.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw new UsageException($"{option.Name} does not go with --changed-since, which looks at files alone.");
        }

        return revision;
    }

    public static string? SchemaOf(ParseResult arguments, Checkout checkout) =>
        arguments.GetValue(PrismaSchema) is { } path ? checkout.Below(path) : null;

    /// <summary><c>--changed-since</c> of a command.</summary>
    public static Option<string?> CreateRevision(string description)
    {
        Option<string?> option = new("--changed-since") { HelpName = "REV", Description = description };
        option.Validators.Add(result =>
        {
            string revision = result.Tokens is [var token] ? token.Value : "";
            if (revision.Length is 0 or > 400 || revision.StartsWith('-') || revision.Any(char.IsControl)
                || revision.Contains("://", StringComparison.Ordinal))
            {
                result.AddError("--changed-since takes a revision of git, such as origin/main.");
            }
        });
        return option;
    }
}
