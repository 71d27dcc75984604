using System.CommandLine;
using SchemaGate.Cli.Migrate;
using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Cli.Resolve;

/// <summary><c>schemagate resolve</c>: what <c>prisma migrate resolve</c> does, a baseline in one go, and accepting an edited file.</summary>
internal static class ResolveCommand
{
    private static readonly DurationOption LockTimeout = new(
        "--lock-timeout", "How long to wait for a run to let go of the migration lock.", ResolveOptions.Default.LockTimeout);

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would change, and write nothing." };

    public static Command Create(Shell shell)
    {
        Command command = new("resolve", """
            Correct a database's migration history where you know better: a failed migration, a baseline, an edited file.

            It writes the rows that `prisma migrate resolve` would, under the lock that runs take, all of them or none. It runs no
            migration. What the history says already is left as it is, and said. --rolled-back needs no migrations directory.

            Examples:
              schemagate resolve --rolled-back 20250101000000_add_coupons
              schemagate resolve --applied 20250101000000_add_coupons --applied 20250102000000_fix_coupons
              schemagate resolve --baseline --through 20241224000000_add_sites_model --dry-run
              schemagate resolve services/shop --accept-checksum 20241224000000_add_sites_model --database - < url.txt

            Exit codes: 0 the history says what was asked for; 1 it cannot, nothing was written (no such migration, a migration that
            is not failed, a history where a baseline was to be, a run in progress); 2 wrong usage, such as two kinds of action;
            3 the database could not be reached or refused the user; 130 canceled.
            """)
        {
            Checkout.Path,
        };
        Option[] others = [DatabaseOptions.Database, DatabaseOptions.Schema, Checkout.Migrations, LockTimeout, DryRun, OutputOption.Option];
        foreach (Option option in ResolveOptionSet.All.Concat(others))
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        ResolveAction action = ResolveOptionSet.Read(arguments);
        Checkout checkout = Checkout.Of(arguments);
        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        bool isDryRun = arguments.GetValue(DryRun);
        ResolveResult result = SetOf(arguments, checkout, action) switch
        {
            Evidence<MigrationSet>.Found { Value: var set } => await new HistoryResolver(shell.Time).ResolveAsync(
                choice.Parse(), set, action, new ResolveOptions { LockTimeout = LockTimeout.In(arguments), IsDryRun = isDryRun },
                new ProgressLines(new StyledText(arguments.InvocationConfiguration.Error, isColoured: false)), cancellation),
            Evidence<MigrationSet>.Missing missing => new ResolveResult([], CreatesHistory: false, new ApplyFailure(DatabaseFailure.SetUnusable, missing.Message, [])),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        ResolveReport report = ResolveReport.Of(result, choice, isDryRun);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ResolveReport);
        }
        else
        {
            ResolvePrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return result.Failure is null ? ExitCodes.Open : MigrateCommand.ExitCodeOf(result.Failure);
    }

    /// <summary>A migration that was rolled back may have been deleted, too: its rows are all that is asked for.</summary>
    private static Evidence<MigrationSet> SetOf(ParseResult arguments, Checkout checkout, ResolveAction action) =>
        action is ResolveAction.MarkRolledBack
            ? new Evidence<MigrationSet>.Found(new MigrationSet([], []))
            : DirectoryEvidence.ReadMigrations(checkout.Root, checkout.Below(arguments.GetValue(Checkout.Migrations)!), tool: null);
}
