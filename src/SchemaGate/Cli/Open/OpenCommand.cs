using System.CommandLine;
using System.Globalization;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Open;

/// <summary><c>schemagate open</c>: break the glass.</summary>
internal static class OpenCommand
{
    private static readonly Option<string> Requires = new("--requires")
    {
        HelpName = "VALUE",
        Description = "The requirement that is let through, as pod templates state it: an image or a migration's name.",
        Required = true,
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "Why; it stands in the gate's condition and in an event.",
        Required = true,
    };

    private static readonly Option<string> For = new("--for")
    {
        HelpName = "DURATION",
        Description = "How long, from 1s to 24h.",
        DefaultValueFactory = _ => "1h",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && GateDuration.Parse(token.Value) is null)
                {
                    result.AddError("--for: write a duration from 1s to 24h, such as 30m.");
                }
            },
        },
    };

    public static Command Create(Shell shell)
    {
        Command command = new("open", """
            Break the glass: open a gate for one requirement, whatever closes it.

            New revisions with that requirement start, on a schema that they were perhaps not written for, and go on running. It ends by
            itself, and it is loud: a condition, an event, the name of who did it. It takes the verb override on the gate.
            To end it earlier: `kubectl annotate schemagate NAME schemagate.dev/override-`.

            Examples:
              schemagate open shop -n shop --requires registry.example.com/shop/schema:1.42.0 \
                --reason "INC-4711, the index is built by hand"
              schemagate open shop -n shop --requires 20241224100000_add_cs_ai_usage_tables --reason "INC-4711" --for 20m

            Exit codes: 0 opened; 1 there is no such gate, or no right to open it; 2 wrong usage; 3 the cluster could not be reached
            or asked.
            """)
        {
            GateArgument.Argument, Requires, Reason, For, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context,
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
        OpenRequest asked = new(arguments.GetValue(Requires)!, arguments.GetValue(Reason)!, arguments.GetValue(For)!);
        OpenReport report = await OpenAsync(client, ns, name, asked, cancellation);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.OpenReport);
        }
        else
        {
            StyledText text = new(arguments.InvocationConfiguration.Output, shell.IsColoured);
            text.Line(
                report.Problem ?? $"{ns}/{name} is open for {report.Requires} until "
                    + $"{report.Until?.ToString("u", CultureInfo.InvariantCulture)}, by {report.By}.",
                report.Problem is null ? Style.Yellow : Style.Red);
        }

        return report.Problem is null ? ExitCodes.Open : ExitCodes.Blocked;
    }

    private static async Task<OpenReport> OpenAsync(
        KubernetesClient client, string ns, string name, OpenRequest asked, CancellationToken cancellation)
    {
        OpenReport report = new(ns, name, asked.Requires!, asked.Reason!);
        try
        {
            if (await ClusterOptions.FindGateAsync(client, ns, name, cancellation) is null)
            {
                return report with { Problem = $"There is no SchemaGate {name} in namespace {ns}." };
            }

            SchemaGateResource written = await client.PatchAsync(
                SchemaGateResource.Resource, ns, name, GateArgument.Annotate(Names.Open, asked.ToJson()), null, cancellation);
            return Override.Claimed(written.Metadata.Annotations.Find(Names.Override)) is { } claim
                && claim.Reason == asked.Reason && claim.Requires == asked.Requires
                ? report with { By = claim.By, Until = claim.Until }
                : report with { Problem = "Nothing was opened: no admission answered. Is the operator installed?" };
        }
        catch (KubernetesException exception) when (exception.Reason is StatusReason.Forbidden or StatusReason.Invalid
            or StatusReason.NotFound)
        {
            return report with { Problem = exception.Message };
        }
    }
}

/// <summary>What <c>open</c> did.</summary>
/// <param name="Problem">Why nothing was opened; null where it was.</param>
internal sealed record OpenReport(
    string Namespace, string Gate, string Requires, string Reason, string? By = null, DateTimeOffset? Until = null, string? Problem = null);
