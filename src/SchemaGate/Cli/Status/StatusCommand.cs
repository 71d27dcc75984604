using System.CommandLine;
using SchemaGate.Cli.Verify;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Status;

/// <summary><c>schemagate status</c>: a cluster's gates, or a database's own history.</summary>
internal static class StatusCommand
{
    /// <summary>What says how a database is read.</summary>
    private static readonly Option[] s_ofDatabase = [DatabaseOptions.Schema, DatabaseOptions.Tool, Checkout.Migrations];

    public static Command Create(Shell shell)
    {
        Command command = new("status", """
            Show a cluster's gates, or what a database's history says.

            With a gate's name, -n, -A, -l, -w, --kubeconfig or --context: the cluster's gates, with what is pending and held, for whom they
            wait and what to do; one gate alone in full, with its migrations on a line of time. With --database, or DATABASE_URL in the
            environment: that database's history, without a checkout; a role that may read it is enough. With neither: the gates of
            the kubeconfig's namespace, unless another option is about a database (--schema, --tool, --no-changelog, --migrations).

            With --no-changelog, the database beside the migrations of the current directory, or of --migrations: what is pending, in the
            words and with the exit codes of verify.

            Examples:
              schemagate status -A
              schemagate status shop -n shop
              schemagate status -A --watch
              schemagate status -l team=shop --output wide
              schemagate status shop -n shop --output json | jq -r '.gates[0].reason'
              schemagate status --database - --schema shop < url.txt
              schemagate status --database - --no-changelog --migrations db/migrate < url.txt
              schemagate status --database - --output json < url.txt | jq -r '.history[] | select(.state == "failed").name'

            Exit codes: 0 every gate is open, or the history is readable and nothing in it unfinished; 1 a gate is closed, not there, or not
            judged since it changed, or a migration failed or is running, a standby, no such database, tables without a history; 2 wrong
            usage, such as a URL that cannot be read; 3 cluster or database could not be reached or asked; 130 ended by Ctrl-C or SIGTERM.
            """)
        {
            GatesStatus.Argument, ClusterOptions.Namespace, ClusterOptions.Kubeconfig, ClusterOptions.Context,
            DatabaseOptions.Database, DatabaseOptions.Schema, DatabaseOptions.Tool, NoChangelog.Option, Checkout.Migrations,
            GatesOutput.Option,
        };
        foreach (Option option in GatesStatus.Options)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        // Also where the URL is missing: whoever says so much of a database must not be answered by a cluster.
        bool isDatabase = arguments.GetValue(DatabaseOptions.Database) is not null || shell.Variable(DatabaseOptions.Variable) is not null
            || NoChangelog.IsAsked(arguments) || s_ofDatabase.Any(option => arguments.GetResult(option) is { Implicit: false });
        bool isCluster = GatesStatus.IsAsked(arguments);
        if (isCluster && arguments.GetValue(DatabaseOptions.Database) is not null)
        {
            throw new UsageException("Gates or a database: leave --database out, or what names gates or a cluster.");
        }

        if (isCluster && NoChangelog.IsAsked(arguments))
        {
            throw new UsageException("--no-changelog is about a database: leave out what names gates or a cluster.");
        }

        return isCluster || !isDatabase
            ? await GatesStatus.RunAsync(arguments, shell, cancellation)
            : await DatabaseAsync(arguments, shell, cancellation);
    }

    private static async Task<int> DatabaseAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        GatesFormat format = GatesOutput.Of(arguments);
        if (format is GatesFormat.Wide or GatesFormat.Name)
        {
            throw new UsageException("--output wide and name are about gates: write text, json or yaml for a database.");
        }

        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        (Evidence<DatabaseState> evidence, _) = await databases.ReadAsync(
            choice.Url, choice.Schema, DatabaseOptions.ToolOf(arguments), cancellation);
        Checkout checkout = new(".");
        Evidence<ChangelogEvidence>? files = NoChangelog.IsAsked(arguments)
            ? NoChangelog.Read(checkout, checkout.Below(arguments.GetValue(Checkout.Migrations)!), DatabaseOptions.ToolOf(arguments))
            : null;
        StatusReport report = StatusReport.Of(evidence, choice, shell.Time.GetUtcNow(), files);
        if (format == GatesFormat.Text)
        {
            StatusPrinter.Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }
        else
        {
            GatesOutput.Write(arguments.InvocationConfiguration.Output, format, report, CliJson.Relaxed.StatusReport);
        }

        return report.Reason == Reasons.DatabaseUrlInvalid
            ? ExitCodes.Usage
            : VerifyCommand.ExitCodeOf(ReasonTable.Rows[report.Reason].Verdict);
    }
}
