using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Completing;
using SchemaGate.Cli.GoBack;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Explain;

/// <summary><c>schemagate explain</c>: why something is closed, what runs meanwhile, and what opens it.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Target = new("TARGET")
    {
        Description = "A gate (shop, gate/shop), a Deployment (deployment/shop, deploy/shop), one of its ReplicaSets (rs/shop-5d), "
            + "an Argo Rollout (rollout/shop), a StatefulSet (sts/db), a DaemonSet (ds/agent), a Job (job/report), "
            + "a Pod (pod/shop-5d-x7k2p), or a reason (MigrationsPending).",
        CompletionSources = { ClusterNames.Targets },
    };

    public static Command Create(Shell shell)
    {
        Command command = new("explain", """
            Say why a gate or a workload is held, what runs meanwhile, and what opens it; or what a reason means.

            Of a Pod, a Job or a ReplicaSet: whose revision it is, and the same of that one.

            With --to: whether a Deployment, Rollout, StatefulSet or DaemonSet can go back to the code of an earlier revision, whose
            image lacks migrations that the database has. The statements that have run there are prepared in an empty scratch
            database before and after those migrations, as `schemagate prove` does; where there are none, the rules of
            `schemagate lint` decide, which proves nothing. The live database is only read.

            Examples:
              schemagate explain shop -n shop
              schemagate explain deployment/shop -n shop
              schemagate explain statefulset/db -n shop
              schemagate explain pod/shop-5d9c7-x7k2p -n shop
              schemagate explain MigrationsPending
              schemagate explain MigrationFailed --tool Flyway
              schemagate explain deployment/shop -n shop --to registry.example.com/shop/schema:1.41.0 --database - < url.txt
              schemagate explain sts/db --to 20241217000000_add_orders --statements old.json --scratch SCRATCH_URL

            Exit codes: 0 open, not held, or a reason; 1 closed, held, or not there; 2 wrong usage; 3 the cluster could not be
            reached or asked. With --to: 0 going back is safe; 1 it is not, or nobody knows, or the gate would hold it; 2 wrong
            usage; 3 the cluster, an image or a database could not be read.
            """)
        {
            Target, DatabaseOptions.Tool, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context, OutputOption.Option,
            GoBackOptions.To,
        };
        foreach (Option option in GoBackOptions.Others)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string target = arguments.GetValue(Target)!;
        if (arguments.GetValue(GoBackOptions.To) is { } to)
        {
            return await GoBackAsync(arguments, Read(target), to, shell, cancellation);
        }

        GoBackOptions.RefuseWithoutTo(arguments);
        if (char.IsAsciiLetterUpper(target.FirstOrDefault()))
        {
            return Reason(arguments, target, DatabaseOptions.ToolOf(arguments), shell);
        }

        ObjectArgument named = Read(target);
        return await ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
        {
            Explanations explanations = new(client, ns, DatabaseOptions.ToolOf(arguments));
            PodSetExplanations sets = new(client, ns, explanations);
            Lineage lineage = new(client, ns, explanations, sets);
            ExplainReport report = await (named.Kind switch
            {
                NamedKind.Gate => explanations.OfGateAsync(named.Name, cancellation),
                NamedKind.ReplicaSet => lineage.OfReplicaSetAsync(named.Name, cancellation),
                NamedKind.StatefulSet => sets.OfAsync(PodSet.StatefulSets, named.Name, cancellation),
                NamedKind.DaemonSet => sets.OfAsync(PodSet.DaemonSets, named.Name, cancellation),
                NamedKind.Job => lineage.OfJobAsync(named.Name, cancellation),
                NamedKind.Pod => lineage.OfPodAsync(named.Name, cancellation),
                NamedKind.Rollout => explanations.OfDeploymentAsync(Deployment.Rollouts, named.Name, cancellation),
                _ => explanations.OfDeploymentAsync(Deployment.Resource, named.Name, cancellation),
            });
            if (OutputOption.IsJson(arguments))
            {
                CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ExplainReport);
            }
            else
            {
                ExplainPrinter.Print(
                    report, shell.Time.GetUtcNow(), shell.Text(arguments.InvocationConfiguration.Output));
            }

            return report.ExitCode;
        });
    }

    private static Task<int> GoBackAsync(
        ParseResult arguments, ObjectArgument target, string to, Shell shell, CancellationToken cancellation) =>
        DocumentRun.ExplainAsync(arguments, () => ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
        {
            GoBackReport report = await new GoBackRun(arguments, shell, client, ns).RunAsync(target, to, cancellation);
            TextWriter output = arguments.InvocationConfiguration.Output;
            if (OutputOption.IsJson(arguments))
            {
                CliJson.Write(output, report, CliJson.Relaxed.GoBackReport);
            }
            else
            {
                GoBackPrinter.Print(report, shell.Text(output));
            }

            return report.ExitCode;
        }));

    /// <summary>What is wrong is not quoted: it may be a URL that stands in the wrong place.</summary>
    private static ObjectArgument Read(string target) =>
        ObjectArgument.Read(target.Contains('/', StringComparison.Ordinal) ? target : $"gate/{target}")
        ?? throw new UsageException("TARGET is a gate (shop, gate/shop), a Deployment (deployment/shop), a ReplicaSet (rs/shop-5d), "
            + "a StatefulSet (sts/db), a DaemonSet (ds/agent), a Job (job/report), a Pod (pod/shop-5d-x7k2p), or a reason "
            + "(MigrationsPending).");

    private static int Reason(ParseResult arguments, string reason, MigrationTool? tool, Shell shell)
    {
        if (ReasonGuide.Of(reason, tool ?? MigrationTool.Prisma) is not { } advice)
        {
            throw new UsageException(
                $"There is no such reason. There are: {string.Join(", ", ReasonGuide.All.Keys.Order(StringComparer.Ordinal))}.");
        }

        ReasonRow? row = ReasonTable.Rows.TryGetValue(reason, out ReasonRow known) ? known : null;
        ReasonReport report = new(reason, row?.Verdict.ToString(), row?.Ready, row?.Reconciling, row?.Stalled, advice.Meaning,
            [.. advice.Next, .. tool is null && Differs(reason)
                ? (string[])[$"With another tool than Prisma: `schemagate explain {reason} --tool TOOL`."]
                : []]);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ReasonReport);
        }
        else
        {
            ExplainPrinter.Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }

        return ExitCodes.Open;
    }

    private static bool Differs(string reason) =>
        Enum.GetValues<MigrationTool>().Any(tool => ReasonGuide.Of(reason, tool) != ReasonGuide.All[reason]);
}
