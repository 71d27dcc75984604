using System.CommandLine;
using SchemaGate.Cli.Completing;
using SchemaGate.Cli.Prove;

namespace SchemaGate.Cli.GoBack;

/// <summary><c>explain --to</c>, and the options that say by what it is proved.</summary>
internal static class GoBackOptions
{
    public static Option<string?> To { get; } = CreateTo();

    /// <summary>What has a meaning beside <see cref="To"/> only.</summary>
    public static IReadOnlyList<Option> Others { get; } =
    [
        DatabaseOptions.Database, DatabaseOptions.NoDatabase, DatabaseOptions.Schema, ShapeSource.Statements, ShapeSource.Role,
        ScratchServer.Option, .. ImageOptions.All,
    ];

    /// <exception cref="UsageException">An option is given that means nothing without <see cref="To"/>.</exception>
    public static void RefuseWithoutTo(ParseResult arguments)
    {
        if (Others.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new UsageException($"{stray.Name} goes with --to IMAGE: without it nothing but the cluster is asked.");
        }
    }

    private static Option<string?> CreateTo()
    {
        Option<string?> to = new("--to")
        {
            HelpName = "IMAGE",
            Description = "Say whether going back is safe on the database as it is: to the changelog image, or the migration, that an "
                + "earlier revision of TARGET requires, or to that revision's container image. Where TARGET requires several gates: "
                + "GATE=IMAGE.",
            CompletionSources = { ClusterNames.Requirements },
        };
        to.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && GoBackChoice.ProblemOf(token.Value) is { } problem)
            {
                result.AddError(problem);
            }
        });
        return to;
    }
}
