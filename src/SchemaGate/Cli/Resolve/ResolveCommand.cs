using System.CommandLine;
using SchemaGate.Cli.Migrate;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Cli.Resolve;

/// <summary>
/// <c>schemagate resolve</c>: what <c>prisma migrate resolve</c> does, a baseline in one go, and accepting an edited file.
/// </summary>
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
            migration. What the history says already is left as it is, and said. What failed needs no file, because its row
            tells enough; all else is compared with the migrations of PATH or --image.

            Examples:
              schemagate resolve --rolled-back 20250101000000_add_coupons
              schemagate resolve --applied 20250101000000_add_coupons --applied 20250102000000_fix_coupons
              schemagate resolve --baseline --through 20241224000000_add_sites_model --dry-run
              schemagate resolve --image registry.example.com/shop/schema:1.42.0 --applied 20250101000000_add_coupons
              schemagate resolve services/shop --accept-checksum 20241224000000_add_sites_model --database - < url.txt

            Exit codes: 0 the history says what was asked for; 1 it cannot, nothing was written (no such migration, a migration that
            is not failed, a history where a baseline was to be, a run in progress); 2 wrong usage, such as two kinds of action;
            3 the database or the registry could not be reached or refused the user; 130 canceled.
            """)
        {
            Checkout.Path,
        };
        Option[] others =
            [
                DatabaseOptions.Database, DatabaseOptions.Schema, MigrationSource.Image, .. ImageOptions.All, LockTimeout, DryRun,
                OutputOption.Option,
            ];
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
        DatabaseChoice choice = await DatabaseOptions.RequireAsync(arguments, shell, cancellation);
        bool isDryRun = arguments.GetValue(DryRun);
        (MigrationSet? set, ApplyFailure? missing) = await ReadAsync(arguments, shell, action, cancellation);
        ResolveResult result = set is null ? ResolveResult.Failed(missing!) : await new HistoryResolver(shell.Time).ResolveAsync(
            choice.Parse(), set, action, new ResolveOptions { LockTimeout = LockTimeout.In(arguments), IsDryRun = isDryRun },
            new ProgressLines(new StyledText(arguments.InvocationConfiguration.Error, isColoured: false)), cancellation);
        result = missing is not null && result is { Failure.Kind: DatabaseFailure.ResolveRefused } ? ResolveResult.Failed(missing) : result;
        ResolveReport report = ResolveReport.Of(result, choice, isDryRun);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.ResolveReport);
        }
        else
        {
            ResolvePrinter.Print(report, shell.Text(arguments.InvocationConfiguration.Output));
        }

        return result.Failure is null ? ExitCodes.Open : MigrateCommand.ExitCodeOf(result.Failure);
    }

    /// <summary>
    /// Of a failed migration the row tells all that is asked for, so where there are no migrations the history is looked at first.
    /// </summary>
    /// <returns>The set, and why it is empty or null.</returns>
    private static async Task<(MigrationSet? Set, ApplyFailure? Missing)> ReadAsync(
        ParseResult arguments, Shell shell, ResolveAction action, CancellationToken cancellation)
    {
        if (action is ResolveAction.MarkRolledBack)
        {
            return (MigrationSet.Empty, null);
        }

        MigrationSource source = await MigrationSource.ReadAllAsync(arguments, shell, cancellation);
        return source.Set switch
        {
            Evidence<MigrationSet>.Found { Value: var found } => (found, null),
            Evidence<MigrationSet>.Missing { Reason: Reasons.MigrationsNotFound } when action is ResolveAction.MarkApplied =>
                (MigrationSet.Empty, source.Failure),
            _ => (null, source.Failure),
        };
    }
}
