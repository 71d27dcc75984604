using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Approve;

/// <summary><c>schemagate approve</c>: a person lets a gate's plan run.</summary>
internal static class ApproveCommand
{
    private static readonly Option<string?> Plan = new("--plan")
    {
        HelpName = "HASH",
        Description = "The plan that is approved, or its first 8 characters at least. Default: the gate's plan as it is printed.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the plan, approve nothing." };

    public static Command Create(Shell shell)
    {
        Command command = new("approve", """
            Let a gate's pending migrations run.

            It prints the plan and approves that very plan: one that changes in between is another plan, and waits again. Who approved it
            is who the API server says; it takes the verb approve on the gate.

            Examples:
              schemagate approve shop -n shop --dry-run
              schemagate approve shop -n shop --plan 3f6c0a9d21b4
              schemagate approve shop -n shop --output json | jq -r .plan

            Exit codes: 0 approved, or printed with --dry-run; 1 there is no such gate, no such plan, or no right to approve it; 2 wrong
            usage; 3 the cluster could not be reached or asked.
            """)
        {
            GateArgument.Argument, Plan, DryRun, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context,
            OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => ClusterOptions.RunAsync(
            arguments, shell, (client, ns) => RunAsync(arguments, shell, client, ns, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments, Shell shell, KubernetesClient client, string ns, CancellationToken cancellation)
    {
        string name = arguments.GetValue(GateArgument.Argument)!;
        SchemaGateResource? gate = await ClusterOptions.FindGateAsync(client, ns, name, cancellation);
        ApproveReport report = ApproveReport.Of(ns, name, gate, arguments.GetValue(Plan));
        if (report.Problem is null && !arguments.GetValue(DryRun))
        {
            report = await ApproveAsync(client, report, cancellation);
        }

        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ApproveReport);
        }
        else
        {
            ApprovePrinter.Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }

        return report.Problem is null ? ExitCodes.Open : ExitCodes.Blocked;
    }

    private static async Task<ApproveReport> ApproveAsync(KubernetesClient client, ApproveReport report, CancellationToken cancellation)
    {
        SchemaGateResource written;
        try
        {
            written = await client.PatchAsync(
                SchemaGateResource.Resource, report.Namespace, report.Gate, GateArgument.Annotate(
                    Names.Approve, report.Plan!), null, cancellation);
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.Forbidden or StatusReason.Invalid
            or StatusReason.NotFound)
        {
            return report with { Problem = exception.Message };
        }

        // Admission answers with its own annotation: without it nobody was asked, or the plan has changed.
        return Approval.Claimed(written.Metadata.Annotations.Find(Names.Approval)) is { } claim && claim.Plan == report.Plan
            ? report with { By = claim.By, Approved = true }
            : report with { Problem = "Nothing was approved: the plan has changed in between. Look at it again." };
    }
}
