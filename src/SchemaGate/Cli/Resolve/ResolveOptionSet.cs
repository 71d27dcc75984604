using System.CommandLine;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Cli.Resolve;

/// <summary>The options that say what is to be done: exactly one kind of it.</summary>
internal static class ResolveOptionSet
{
    private static readonly Option<string[]> Applied = Names(
        "--applied", "What this migration does is in the database: mark it as applied, so that it does not run. Repeatable.");

    private static readonly Option<string[]> RolledBack = Names(
        "--rolled-back", "Nothing is left of this failed migration: mark it as rolled back, so that it runs again. Repeatable.");

    private static readonly Option<bool> Baseline = new("--baseline")
    {
        Description = "The schema has tables and no history (Prisma's P3005): mark every migration of the directory as applied.",
    };

    private static readonly Option<string?> Through = new("--through")
    {
        HelpName = "NAME",
        Description = "With --baseline: the last migration that the tables contain. What comes after it is left to `schemagate migrate`.",
    };

    private static readonly Option<string[]> AcceptChecksum = Names(
        "--accept-checksum", "This applied migration's file was edited, and that is right: "
            + "the history takes the file's checksum. Repeatable.");

    public static IReadOnlyList<Option> All { get; } = [Applied, RolledBack, Baseline, Through, AcceptChecksum];

    /// <exception cref="UsageException">None is given, or several.</exception>
    public static ResolveAction Read(ParseResult arguments)
    {
        List<ResolveAction> given = [];
        Add(Applied, names => new ResolveAction.MarkApplied(names));
        Add(RolledBack, names => new ResolveAction.MarkRolledBack(names));
        Add(AcceptChecksum, names => new ResolveAction.AcceptChecksum(names));
        string? through = arguments.GetValue(Through);
        if (arguments.GetValue(Baseline))
        {
            given.Add(new ResolveAction.Baseline(through));
        }
        else if (through is not null)
        {
            throw new UsageException("--through belongs to --baseline.");
        }

        return given is [var action]
            ? action
            : throw new UsageException("Say one thing at a time: --applied, --rolled-back, --baseline or --accept-checksum. "
                + "See `schemagate resolve --help`.");

        void Add(Option<string[]> option, Func<string[], ResolveAction> action)
        {
            if (arguments.GetValue(option) is { Length: > 0 } names)
            {
                given.Add(action(names));
            }
        }
    }

    private static Option<string[]> Names(string name, string description) => new(name) { HelpName = "NAME", Description = description };
}
