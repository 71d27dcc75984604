using System.CommandLine;
using SchemaGate.Cli.Verify;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Status;

/// <summary><c>schemagate status</c>: a database's own history, without a document beside it.</summary>
internal static class StatusCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("status", """
            Show what a database's history says: what is applied, what failed, whether a run is at work.

            It needs no checkout, and a role that may read the history is enough.

            Examples:
              schemagate status
              schemagate status --database - --schema shop < url.txt
              schemagate status --output json | jq -r '.history[] | select(.state == "failed").name'

            Exit codes: 0 readable and nothing unfinished; 1 a migration failed or is running, a standby, no such database, or
            tables without a history; 2 wrong usage, such as a URL that cannot be read; 3 the database could not be reached or asked.
            """)
        {
            DatabaseOptions.Database, DatabaseOptions.Schema, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        (Evidence<DatabaseState> evidence, _) = await databases.ReadAsync(choice.Url, choice.Schema, cancellation);
        StatusReport report = StatusReport.Of(evidence, choice, shell.Time.GetUtcNow());
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.StatusReport);
        }
        else
        {
            StatusPrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return report.Reason == Reasons.DatabaseUrlInvalid ? ExitCodes.Usage : VerifyCommand.ExitCodeOf(ReasonTable.Rows[report.Reason].Verdict);
    }
}
