using System.CommandLine;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Explain;

/// <summary><c>schemagate explain</c>: why something is closed, what runs meanwhile, and what opens it.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Target = new("TARGET")
    {
        Description = "A gate (shop, gate/shop), a Deployment (deployment/shop, deploy/shop), or a reason (MigrationsPending).",
    };

    private static readonly string[] GateKinds = ["gate", "gates", "sg", "schemagate", "schemagates", "schemagates.schemagate.dev"];
    private static readonly string[] DeploymentKinds = ["deploy", "deployment", "deployments", "deployment.apps", "deployments.apps"];

    public static Command Create(Shell shell)
    {
        Command command = new("explain", """
            Say why a gate or a Deployment is held, what runs meanwhile, and what opens it; or what a reason means.

            Examples:
              schemagate explain shop -n shop
              schemagate explain deployment/shop -n shop
              schemagate explain MigrationsPending
              schemagate explain MigrationFailed --tool Flyway

            Exit codes: 0 open, not held, or a reason; 1 closed, held, or not there; 2 wrong usage; 3 the cluster could not be
            reached or asked.
            """)
        {
            Target, DatabaseOptions.Tool, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        string target = arguments.GetValue(Target)!;
        if (char.IsAsciiLetterUpper(target.FirstOrDefault()))
        {
            return Reason(arguments, target, DatabaseOptions.ToolOf(arguments), shell);
        }

        (bool isGate, string name) = Read(target);
        return await ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
        {
            Explanations explanations = new(client, ns, DatabaseOptions.ToolOf(arguments));
            ExplainReport report = isGate
                ? await explanations.OfGateAsync(name, cancellation)
                : await explanations.OfDeploymentAsync(name, cancellation);
            if (OutputOption.IsJson(arguments))
            {
                CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ExplainReport);
            }
            else
            {
                ExplainPrinter.Print(
                    report, shell.Time.GetUtcNow(), new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
            }

            return report.ExitCode;
        });
    }

    /// <summary>What is wrong is not quoted: it may be a URL that stands in the wrong place.</summary>
    private static (bool IsGate, string Name) Read(string target)
    {
        string[] parts = target.Split('/');
        (string kind, string name) = parts.Length == 1 ? (GateKinds[0], parts[0]) : (parts[0], string.Join('/', parts[1..]));
        bool isGate = GateKinds.Contains(kind, StringComparer.Ordinal);
        return (isGate || DeploymentKinds.Contains(kind, StringComparer.Ordinal)) && Requirement.IsName(name)
            ? (isGate, name)
            : throw new UsageException("TARGET is a gate (shop, gate/shop), a Deployment (deployment/shop), "
                + "or a reason (MigrationsPending).");
    }

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
            ExplainPrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return ExitCodes.Open;
    }

    private static bool Differs(string reason) =>
        Enum.GetValues<MigrationTool>().Any(tool => ReasonGuide.Of(reason, tool) != ReasonGuide.All[reason]);
}
