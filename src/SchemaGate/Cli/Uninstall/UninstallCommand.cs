using System.CommandLine;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes;

namespace SchemaGate.Cli.Uninstall;

/// <summary><c>schemagate uninstall</c>: lifts every hold, so that nothing waits for an operator that will never answer.</summary>
internal static class UninstallCommand
{
    private static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        HelpName = "NAME",
        Description = "The operator's namespace.",
        DefaultValueFactory = _ => "schemagate-system",
    };

    private static readonly Option<string[]> Watch = new("--watch-namespace")
    {
        HelpName = "NAME",
        Description = "Lift the holds of this namespace only; may be repeated. Default: all.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be lifted, change nothing." };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask. Required where nobody can be asked." };

    private static readonly DurationOption Timeout = new(
        "--timeout", "How long a running operator may take to go before this refuses; 0: it has to be gone already.", TimeSpan.Zero);

    public static Command Create(Shell shell)
    {
        Command command = new("uninstall", """
            Lift every hold that SchemaGate placed: nobody else could, once it is gone.

            First the API server is told to ask SchemaGate no more (the webhook configurations named schemagate), then every held workload
            is given back as its owner wrote it: its pause as it was, without SchemaGate's annotations. Revisions that were held start.
            Labels and annotations of the owners' stay, and so do the gates. The operator has to be gone before; with it gone long ago it
            works, too, and repeating it is no error. A pod that waits in an init container is deleted where somebody makes it again, and
            named where nobody does. It takes the right to delete webhook configurations and pods, and to list and patch Deployments,
            ReplicaSets and pods.

            Examples:
              kubectl -n schemagate-system delete deployment schemagate
              schemagate uninstall --dry-run
              schemagate uninstall --yes && kubectl delete -k config/default
              schemagate uninstall --yes --watch-namespace shop --watch-namespace billing

            Exit codes: 0 all is lifted, or nothing had to be; 1 something could not be lifted, the operator runs, or the answer was no;
            2 wrong usage; 3 the cluster could not be reached or asked.
            """)
        {
            DryRun, Yes, Namespace, Watch, Timeout, ClusterOptions.Kubeconfig, ClusterOptions.Context, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        if (!arguments.GetValue(DryRun) && !arguments.GetValue(Yes) && !shell.IsTerminal)
        {
            throw new UsageException("Nobody can be asked here: say --yes, or --dry-run to see what would be lifted.");
        }

        if (arguments.GetValue(Watch)!.Append(arguments.GetValue(Namespace)!).Any(name => !Requirement.IsName(name)))
        {
            throw new UsageException("--namespace and --watch-namespace: write the name of a namespace.");
        }

        return ClusterOptions.RunAsync(arguments, shell, async (client, _) =>
        {
            UninstallReport report = arguments.GetValue(DryRun)
                ? await LiftAsync(arguments, shell, client, isRehearsal: true, cancellation)
                : await DecidedAsync(arguments, shell, client, cancellation);
            if (OutputOption.IsJson(arguments))
            {
                CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.UninstallReport);
            }
            else
            {
                report.Print(shell.Text(arguments.InvocationConfiguration.Output));
            }

            return report.ExitCode;
        });
    }

    private static async Task<UninstallReport> DecidedAsync(
        ParseResult arguments, Shell shell, KubernetesClient client, CancellationToken cancellation)
    {
        string ns = arguments.GetValue(Namespace)!;
        if (await RunningOperator.StaysAsync(client, ns, Timeout.In(arguments), shell.Time, cancellation))
        {
            return new("refused", [], $"An operator runs in namespace {ns}: it would hold everything again. Take it down first "
                + $"(`kubectl -n {ns} delete deployment schemagate`), then repeat this.");
        }

        if (!arguments.GetValue(Yes))
        {
            UninstallReport planned = await LiftAsync(arguments, shell, client, isRehearsal: true, cancellation);
            if (planned.Result == "nothing" || planned.IsCutOff)
            {
                return planned;
            }

            if (!await IsWantedAsync(arguments, shell, planned, cancellation))
            {
                return new("refused", [], "Nothing was changed.");
            }
        }

        return await LiftAsync(arguments, shell, client, isRehearsal: false, cancellation);
    }

    private static async Task<UninstallReport> LiftAsync(
        ParseResult arguments, Shell shell, KubernetesClient client, bool isRehearsal, CancellationToken cancellation)
    {
        string[] watched = arguments.GetValue(Watch)!;
        Lifter lifter = new(client, shell.Time, isRehearsal);
        string?[] everywhere = [null];
        await lifter.RunAsync(watched.Length == 0 ? everywhere : watched, cancellation);
        return UninstallReport.Of(lifter, isRehearsal);
    }

    /// <summary>Asked on standard error: standard output carries the report and nothing else.</summary>
    private static async Task<bool> IsWantedAsync(
        ParseResult arguments, Shell shell, UninstallReport planned, CancellationToken cancellation)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        planned.Print(new StyledText(error, isColoured: false));
        await error.WriteAsync("Revisions that are held will start. Lift it? [y/N] ");
        await error.FlushAsync(cancellation);
        string answer = (await shell.ReadLineAsync(cancellation))?.Trim() ?? "";
        return answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase);
    }
}
