using System.CommandLine;
using SchemaGate.Cli.Completing;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Cli.Status;

/// <summary>What <c>status</c> does of a cluster's gates.</summary>
internal static class GatesStatus
{
    private static readonly Argument<string[]> Gates = CreateGates();

    private static readonly Option<bool> AllNamespaces = new("--all-namespaces", "-A") { Description = "Every namespace's gates." };

    private static readonly Option<string?> Selector = new("--selector", "-l")
    {
        HelpName = "LABELS",
        Description = "The gates with these labels, as kubectl writes them: team=shop,tier!=test.",
    };

    private static readonly Option<bool> Watch = new("--watch", "-w")
    {
        Description = "Go on until Ctrl-C: on a terminal a table that moves, else a line for each change (with --output json an object).",
    };

    public static Argument Argument => Gates;

    public static IReadOnlyList<Option> Options { get; } = [AllNamespaces, Selector, Watch];

    /// <summary>Whether the command line is about a cluster.</summary>
    public static bool IsAsked(ParseResult arguments) =>
        arguments.GetValue(Gates)!.Length > 0 || arguments.GetValue(AllNamespaces) || arguments.GetValue(Watch)
            || arguments.GetValue(Selector) is not null || ClusterOptions.AreGiven(arguments);

    public static Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation) =>
        ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
    {
        GatesQuery query = Query(arguments, client, ns);
        GatesFormat format = GatesOutput.Of(arguments);
        if (arguments.GetValue(Watch))
        {
            await WatchAsync(query, format, shell, arguments.InvocationConfiguration, cancellation);
        }

        GatesReport report = await query.ReadAsync(cancellation);
        Print(report, query, format, shell, arguments.InvocationConfiguration.Output);
        return report.ExitCode;
    });

    private static GatesQuery Query(ParseResult arguments, KubernetesClient client, string ns)
    {
        string[] names = [.. arguments.GetValue(Gates)!.Distinct(StringComparer.Ordinal)];
        bool isEverywhere = arguments.GetValue(AllNamespaces);
        if (isEverywhere && (names.Length > 0 || arguments.GetValue(ClusterOptions.Namespace) is not null))
        {
            throw new UsageException("-A shows every gate of every namespace: name neither a gate nor a namespace beside it.");
        }

        if (names.Length > 0 && arguments.GetValue(Selector) is not null)
        {
            throw new UsageException("--selector chooses among all gates: name none beside it.");
        }

        return new(client, isEverywhere ? null : ns, names, arguments.GetValue(Selector));
    }

    private static void Print(GatesReport report, GatesQuery query, GatesFormat format, Shell shell, TextWriter output)
    {
        DateTimeOffset now = shell.Time.GetUtcNow();
        switch (format)
        {
            case GatesFormat.Json or GatesFormat.Yaml:
                GatesOutput.Write(output, format, report, CliJson.Relaxed.GatesReport);
                break;
            case GatesFormat.Name:
                GatesOutput.Names(report, output);
                break;
            case GatesFormat.Text when query.Names is [_] && report.Gates is [var gate]:
                GatePage.Print(gate, now, shell.Text(output));
                break;
            default:
                GatesPrinter.Print(report, format == GatesFormat.Wide, now, shell.Text(output));
                break;
        }
    }

    /// <summary>Never returns by itself.</summary>
    private static Task WatchAsync(
        GatesQuery query, GatesFormat format, Shell shell, InvocationConfiguration streams, CancellationToken cancellation)
    {
        if (format is GatesFormat.Yaml or GatesFormat.Name)
        {
            throw new UsageException("--watch: write --output text, wide or json.");
        }

        bool isLive = shell.IsLive && format != GatesFormat.Json;
        GatesWatch watch = new(query, shell.Time, problem =>
        {
            if (!isLive)
            {
                streams.Error.WriteLine($"schemagate: {problem}");
            }
        });
        return isLive
            ? new LiveGates(query, watch, format == GatesFormat.Wide, shell).ShowAsync(streams.Output, cancellation)
            : WatchedLines.WriteAsync(watch, format == GatesFormat.Json, shell.Time, streams.Output, cancellation);
    }

    private static Argument<string[]> CreateGates()
    {
        Argument<string[]> gates = new("GATE")
        {
            Description = "Gates of the namespace; one alone is shown in full. Default: all of them.",
            Arity = ArgumentArity.ZeroOrMore,
            CompletionSources = { ClusterNames.Gates },
        };
        gates.Validators.Add(result =>
        {
            // What stands there may be a URL with a password: it is not quoted.
            if (result.Tokens.Any(token => !Requirement.IsName(token.Value)))
            {
                result.AddError("GATE is a gate's name; a database's URL stands behind --database.");
            }
        });
        return gates;
    }
}
