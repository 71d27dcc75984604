using System.CommandLine;

namespace SchemaGate.Cli.Verify;

/// <summary><c>--manifests</c>, and what goes with it on a command line.</summary>
internal static class ManifestOption
{
    public static Option<string[]> Option { get; } = Create();

    /// <summary>The paths that are given; empty where the option is not.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="ofCheckout">Options that say how a checkout is judged.</param>
    /// <exception cref="UsageException">They cannot be meant so.</exception>
    public static IReadOnlyList<string> Paths(ParseResult arguments, IEnumerable<Option> ofCheckout)
    {
        string[] paths = arguments.GetValue(Option) ?? [];
        if (paths.Count(path => path == "-") > 1)
        {
            throw new UsageException("Standard input can be read once only.");
        }

        // Left out in silence, they would look like a database that was asked.
        if (paths.Length > 0 && arguments.GetValue(Checkout.Path) is null
            && ofCheckout.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw new UsageException($"{option.Name} is about a checkout: name it, too, as in "
                + $"`schemagate verify . {option.Name} … --manifests {StyledText.Printable(paths[0])}`.");
        }

        return paths;
    }

    private static Option<string[]> Create()
    {
        Option<string[]> option = new("--manifests")
        {
            HelpName = "PATH",
            Description = "Kubernetes manifests to check: a file, a directory with all below it, or - for standard input. Repeatable. "
                + "Without a PATH of a checkout, nothing else is judged.",
        };
        option.Validators.Add(result =>
        {
            foreach (string path in result.Tokens.Select(token => token.Value))
            {
                if (path.Contains("://", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(path))
                {
                    result.AddError("--manifests takes files and directories, or - for standard input.");
                }
            }
        });
        return option;
    }
}
