using System.CommandLine;
using SchemaGate.Cli.Completing;
using SchemaGate.Kubernetes;

namespace SchemaGate.Cli.Undo;

/// <summary><c>schemagate undo</c>: <c>kubectl rollout undo</c> for a Deployment that is held or paused, too.</summary>
internal static class UndoCommand
{
    private static readonly Argument<string> Target = CreateTarget();
    private static readonly Option<long> ToRevision = CreateToRevision();

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say which revision that would be, change nothing." };

    public static Command Create(Shell shell)
    {
        Command command = new("undo", """
            Take a Deployment back to an earlier revision, also one that is held or paused.

            It is `kubectl rollout undo`, which refuses a paused Deployment, and which does not count a revision that is held. The pod
            template of the revision that runs (of the one before, where nothing is held) takes the place of the Deployment's; nothing else
            is touched. A pause that came with a hold ends with it.

            Examples:
              schemagate undo deployment/shop -n shop --dry-run
              schemagate undo deploy/shop -n shop
              schemagate undo deployment/shop -n shop --to-revision 3

            Exit codes: 0 it is back, or was there already; 1 there is no such Deployment or revision, no right to change it, or that
            revision is held, too; 2 wrong usage; 3 the cluster could not be reached or asked.
            """)
        {
            Target, ToRevision, DryRun, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => ClusterOptions.RunAsync(
            arguments, shell, (client, ns) => RunAsync(arguments, shell, client, ns, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments, Shell shell, KubernetesClient client, string ns, CancellationToken cancellation)
    {
        string name = ObjectArgument.Read(arguments.GetValue(Target)!)!.Name;
        long? asked = arguments.GetValue(ToRevision) is > 0 and var revision ? revision : null;
        UndoReport report = await new Undoing(client, ns, name, asked).RunAsync(arguments.GetValue(DryRun), cancellation);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.UndoReport);
        }
        else
        {
            report.Print(shell.Text(arguments.InvocationConfiguration.Output));
        }

        return report.ExitCode;
    }

    private static Argument<string> CreateTarget()
    {
        Argument<string> target = new("DEPLOYMENT")
        {
            Description = "The Deployment: deployment/shop, deploy/shop.",
            CompletionSources = { ClusterNames.Deployments },
        };
        target.Validators.Add(result =>
        {
            // What stands there may be a URL with a password: it is not quoted.
            if (ObjectArgument.Read(result.Tokens[0].Value) is not { Kind: NamedKind.Deployment })
            {
                result.AddError("DEPLOYMENT is written deployment/NAME.");
            }
        });
        return target;
    }

    private static Option<long> CreateToRevision()
    {
        Option<long> option = new("--to-revision")
        {
            HelpName = "N",
            Description = "A revision by its number, as `kubectl rollout history` lists them. 0: the default, what runs or ran before.",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !token.Value.All(char.IsAsciiDigit))
            {
                result.AddError("--to-revision: write a revision's number.");
            }
        });
        return option;
    }
}
