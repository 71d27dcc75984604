using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Cli.Migrate;

/// <summary><c>schemagate migrate</c>: what <c>prisma migrate deploy</c> does, without Node.</summary>
internal static class MigrateCommand
{
    private static readonly DurationOption LockTimeout = new(
        "--lock-timeout", "How long to wait for another run to let go of the migration lock.", ApplyOptions.Default.LockTimeout);

    private static readonly DurationOption TableLockTimeout = new(
        "--table-lock-timeout",
        "How long one statement may wait for a table's lock before its migration fails; 0s leaves the server's setting.",
        TimeSpan.Zero);

    public static Command Create(Shell shell)
    {
        Command command = new("migrate", """
            Apply the migrations that a database lacks, as `prisma migrate deploy` does.

            It takes the same lock and leaves the same rows: the two can be mixed. Progress goes to standard error, the result to
            standard output. Ctrl-C or SIGTERM cancels the running statement on the server.

            Examples:
              schemagate migrate
              schemagate migrate services/shop --database - < url.txt
              schemagate migrate --table-lock-timeout 5s --output json

            Exit codes: 0 the database has every migration; 1 a migration failed, or something stands in the way (an unfinished
            migration, tables without a history, another run); 2 wrong usage, such as a URL that cannot be read; 3 the database
            could not be reached or refused the user; 130 canceled.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.Schema, Checkout.Migrations, LockTimeout, TableLockTimeout, OutputOption.Option,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        Checkout checkout = Checkout.Of(arguments);
        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        DatabaseUrl url = choice.Parse();
        string migrations = checkout.Below(arguments.GetValue(Checkout.Migrations)!);
        ApplyReport applied = DirectoryEvidence.ReadMigrations(checkout.Root, migrations, tool: null) switch
        {
            Evidence<MigrationSet>.Found { Value: var set } => await ApplyAsync(arguments, shell, url, set, cancellation),
            Evidence<MigrationSet>.Missing missing => new ApplyReport([], 0, new ApplyFailure(DatabaseFailure.SetUnusable, missing.Message, [])),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        MigrateReport report = MigrateReport.Of(applied, choice, name => checkout.Script(migrations, name));
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.MigrateReport);
        }
        else
        {
            MigratePrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return applied.Failure is null ? ExitCodes.Open : ExitCodeOf(applied.Failure);
    }

    private static Task<ApplyReport> ApplyAsync(
        ParseResult arguments, Shell shell, DatabaseUrl url, MigrationSet set, CancellationToken cancellation)
    {
        TimeSpan tableLock = TableLockTimeout.In(arguments);
        ApplyOptions options = new()
        {
            LockTimeout = LockTimeout.In(arguments),
            TableLockTimeout = tableLock > TimeSpan.Zero ? tableLock : null,
        };
        ProgressLines progress = new(new StyledText(arguments.InvocationConfiguration.Error, isColoured: false));
        return new MigrationApplier(shell.Time).ApplyAsync(url, set, options, progress, cancellation);
    }

    /// <summary>What broke during a migration is that migration's failure, whatever its cause: it left a row behind.</summary>
    private static int ExitCodeOf(ApplyFailure failure) => failure switch
    {
        { Kind: DatabaseFailure.Canceled } => ExitCodes.Canceled,
        { Migration: not null } => ExitCodes.Blocked,
        { Kind: DatabaseFailure.SettingsUnusable } => ExitCodes.Usage,
        {
            Kind: DatabaseFailure.Unreachable or DatabaseFailure.TimedOut or DatabaseFailure.TooManyConnections or DatabaseFailure.TlsFailed
                or DatabaseFailure.AccessDenied or DatabaseFailure.HistoryUnreadable
        } => ExitCodes.Unreachable,
        _ => ExitCodes.Blocked,
    };
}
