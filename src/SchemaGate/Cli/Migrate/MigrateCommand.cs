using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;
using SchemaGate.Telemetry;

namespace SchemaGate.Cli.Migrate;

/// <summary><c>schemagate migrate</c>: what <c>prisma migrate deploy</c> does, without Node.</summary>
internal static class MigrateCommand
{
    private static readonly DurationOption LockTimeout = new(
        "--lock-timeout", "How long to wait for another run to let go of the migration lock.", ApplyOptions.Default.LockTimeout);

    private static readonly DurationOption TableLockTimeout = new(
        "--table-lock-timeout",
        "How long one statement may wait for a table's lock before its migration fails, unless it is a CONCURRENTLY; "
            + "0s leaves the server's setting.",
        TimeSpan.Zero);

    private static readonly DurationOption StatementTimeout = new(
        "--statement-timeout", "How long one statement may take before its migration fails; "
            + "0s leaves the server's setting.", TimeSpan.Zero);

    private static readonly DurationOption Deadline = new(
        "--deadline",
        "How long the run may take, not counting --lock-timeout. Then the running statement is canceled, unless it is a CONCURRENTLY, "
            + "and nothing more begins; 0s is no limit.",
        TimeSpan.Zero);

    private static readonly Option<string[]> IgnoreUnknown = new("--ignore-unknown")
    {
        HelpName = "GLOB",
        Description = "Migrations of others who share the history (* and ?): their failed ones stop nothing. Repeatable.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Say what would run, how risky it is and what it locks; take no lock and write nothing.",
    };

    /// <summary>The operator's: a person names a database by its URL.</summary>
    private static readonly Option<string?> ExpectDatabase = new("--expect-database")
    {
        HelpName = "IDENTITY",
        Description = "Do nothing in another database than this one: system identifier, database and schema, separated by slashes.",
        Hidden = true,
    };

    public static Command Create(Shell shell)
    {
        Command command = new("migrate", """
            Apply the migrations that a database lacks, as `prisma migrate deploy` does.

            It takes the same lock and leaves the same rows: the two can be mixed. Progress goes to standard error, the result to
            standard output. Ctrl-C or SIGTERM cancels the running statement on the server. A migration that was rolled back because it
            was canceled, or for a reason that passes (a lock, a deadlock, a restart), runs again with the next run; any other failure
            has to be resolved first.

            Examples:
              schemagate migrate
              schemagate migrate --dry-run
              schemagate migrate services/shop --database - < url.txt
              schemagate migrate --table-lock-timeout 5s --deadline 30m --output json
              schemagate migrate --image registry.example.com/shop/schema:1.42.0 --through 20241224000000_add_sites_model

            Exit codes: 0 the database has every migration, or with --dry-run nothing stands in the way; 1 a migration failed, or
            something stands in the way (an unfinished migration, tables without a history, another run, a missing privilege); 2 wrong
            usage, such as a URL that cannot be read; 3 the database or the registry could not be reached or refused the user;
            130 canceled.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.Schema, LockTimeout, TableLockTimeout, StatementTimeout, Deadline,
            IgnoreUnknown, DryRun, ExpectDatabase, ReportFile.Option, OutputOption.Option,
        };
        foreach (Option option in MigrationSource.Options)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        using IDisposable? sending = OtlpExport.SendTraces(shell.Variable);
        using MigrateTrace trace = MigrateTrace.Begin(shell);
        (DatabaseChoice, MigrationSource)? told = null;
        ApplyReport applied = await ReportFile.Of(arguments).WriteAsync(async () =>
        {
            DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
            DatabaseUrl url = choice.Parse();
            MigrationSource source = await MigrationSource.ReadAsync(arguments, shell, cancellation);
            told = (choice, source);
            return source.Set is Evidence<MigrationSet>.Found { Value: var set }
                ? await ApplyAsync(arguments, shell, url, set, source.Known, trace, cancellation)
                : new ApplyReport([], 0, source.Failure);
        });
        trace.End(applied.Failure);
        (DatabaseChoice database, MigrationSource read) = told!.Value;
        MigrateReport report = MigrateReport.Of(applied, database, read.Script) with
        {
            Planned = PlannedMigration.Of(applied.Planned, read.Set, shell.Time),
        };
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
        ParseResult arguments, Shell shell, DatabaseUrl url, MigrationSet set, IReadOnlyList<string> known, MigrateTrace trace,
        CancellationToken cancellation)
    {
        ApplyOptions options = new()
        {
            LockTimeout = LockTimeout.In(arguments),
            TableLockTimeout = Limit(TableLockTimeout.In(arguments)),
            StatementTimeout = Limit(StatementTimeout.In(arguments)),
            Deadline = Limit(Deadline.In(arguments)),
            ExpectedIdentity = arguments.GetValue(ExpectDatabase),
            IgnoreUnknown = arguments.GetValue(IgnoreUnknown) ?? [],
            Known = known,
            IsDryRun = arguments.GetValue(DryRun),
        };
        ProgressLines progress = new(new StyledText(arguments.InvocationConfiguration.Error, isColoured: false));
        return new MigrationApplier(shell.Time).ApplyAsync(url, set, options, trace.Before(progress), cancellation);
    }

    private static TimeSpan? Limit(TimeSpan duration) => duration > TimeSpan.Zero ? duration : null;

    /// <summary>What broke during a migration is that migration's failure, whatever its cause: it left a row behind.</summary>
    public static int ExitCodeOf(ApplyFailure failure) => failure switch
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
