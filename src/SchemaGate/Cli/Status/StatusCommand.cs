using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Verify;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli.Status;

/// <summary><c>schemagate status</c>: a cluster's gates, or a database's own history.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string[]> Gates = CreateGates();

    private static readonly Option<bool> AllNamespaces = new("--all-namespaces", "-A") { Description = "Every namespace's gates." };

    /// <summary>What says how a database is read.</summary>
    private static readonly Option[] s_ofDatabase = [DatabaseOptions.Schema, DatabaseOptions.Tool, Checkout.Migrations];

    public static Command Create(Shell shell)
    {
        Command command = new("status", """
            Show a cluster's gates, or what a database's history says.

            With a gate's name, -n, -A, --kubeconfig or --context: the cluster's gates. With --database, or DATABASE_URL in the
            environment: that database's history, without a checkout; a role that may read it is enough. With neither: the gates of
            the kubeconfig's namespace, unless another option is about a database (--schema, --tool, --no-changelog, --migrations).

            With --no-changelog, the database beside the migrations of the current directory, or of --migrations: what is pending, in the
            words and with the exit codes of verify.

            Examples:
              schemagate status -A
              schemagate status shop -n shop --output json | jq -r '.gates[0].reason'
              schemagate status --database - --schema shop < url.txt
              schemagate status --database - --no-changelog --migrations db/migrate < url.txt
              schemagate status --database - --output json < url.txt | jq -r '.history[] | select(.state == "failed").name'

            Exit codes: 0 every gate is open, or the history is readable and nothing in it unfinished; 1 a gate is closed, not there, or not
            judged since it changed, or a migration failed or is running, a standby, no such database, tables without a history; 2 wrong
            usage, such as a URL that cannot be read; 3 cluster or database could not be reached or asked.
            """)
        {
            Gates, ClusterOptions.Namespace, AllNamespaces, ClusterOptions.Kubeconfig, ClusterOptions.Context,
            DatabaseOptions.Database, DatabaseOptions.Schema, DatabaseOptions.Tool, NoChangelog.Option, Checkout.Migrations,
            OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        // Also where the URL is missing: whoever says so much of a database must not be answered by a cluster.
        bool isDatabase = arguments.GetValue(DatabaseOptions.Database) is not null || shell.Variable(DatabaseOptions.Variable) is not null
            || NoChangelog.IsAsked(arguments) || s_ofDatabase.Any(option => arguments.GetResult(option) is { Implicit: false });
        bool isCluster = arguments.GetValue(Gates)!.Length > 0 || arguments.GetValue(AllNamespaces) || ClusterOptions.AreGiven(arguments);
        if (isCluster && arguments.GetValue(DatabaseOptions.Database) is not null)
        {
            throw new UsageException("Gates or a database: leave --database out, or what names gates or a cluster.");
        }

        if (isCluster && NoChangelog.IsAsked(arguments))
        {
            throw new UsageException("--no-changelog is about a database: leave out what names gates or a cluster.");
        }

        return isCluster || !isDatabase
            ? await GatesAsync(arguments, shell, cancellation)
            : await DatabaseAsync(arguments, shell, cancellation);
    }

    private static Task<int> GatesAsync(ParseResult arguments, Shell shell, CancellationToken cancellation) =>
        ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
    {
        string[] names = arguments.GetValue(Gates)!;
        bool isEverywhere = arguments.GetValue(AllNamespaces);
        if (isEverywhere && (names.Length > 0 || arguments.GetValue(ClusterOptions.Namespace) is not null))
        {
            throw new UsageException("-A shows every gate of every namespace: name neither a gate nor a namespace beside it.");
        }

        string? where = isEverywhere ? null : ns;
        GatesReport report = new(where, names.Length > 0
            ? await NamedAsync(client, ns, names, cancellation)
            : await ListedAsync(client, where, cancellation));
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.GatesReport);
        }
        else
        {
            GatesPrinter.Print(report, shell.Time.GetUtcNow(), new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return report.ExitCode;
    });

    private static async Task<List<GateLine>> NamedAsync(KubernetesClient client, string ns, string[] names, CancellationToken cancellation)
    {
        List<GateLine> lines = [];
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            SchemaGateResource? gate = await ClusterOptions.FindGateAsync(client, ns, name, cancellation);
            lines.Add(gate is null ? GateLine.Missing(new(ns, name)) : GateLine.Of(gate));
        }

        return lines;
    }

    private static async Task<List<GateLine>> ListedAsync(KubernetesClient client, string? ns, CancellationToken cancellation)
    {
        ResourceList<SchemaGateResource> list = await ClusterOptions.AskAsync(
            () => client.ListAllAsync(SchemaGateResource.Resource, ns, null, cancellation));
        return [.. list.Items.Select(GateLine.Of).OrderBy(gate => gate.Namespace, StringComparer.Ordinal)
            .ThenBy(gate => gate.Name, StringComparer.Ordinal)];
    }

    private static Argument<string[]> CreateGates()
    {
        Argument<string[]> gates =
            new("GATE") { Description = "Gates of the namespace. Default: all of them.", Arity = ArgumentArity.ZeroOrMore };
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

    private static async Task<int> DatabaseAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        (Evidence<DatabaseState> evidence, _) = await databases.ReadAsync(
            choice.Url, choice.Schema, DatabaseOptions.ToolOf(arguments), cancellation);
        Checkout checkout = new(".");
        Evidence<ChangelogEvidence>? files = NoChangelog.IsAsked(arguments)
            ? NoChangelog.Read(checkout, checkout.Below(arguments.GetValue(Checkout.Migrations)!), DatabaseOptions.ToolOf(arguments))
            : null;
        StatusReport report = StatusReport.Of(evidence, choice, shell.Time.GetUtcNow(), files);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.StatusReport);
        }
        else
        {
            StatusPrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return report.Reason == Reasons.DatabaseUrlInvalid
            ? ExitCodes.Usage
            : VerifyCommand.ExitCodeOf(ReasonTable.Rows[report.Reason].Verdict);
    }
}
