using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Prove;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Rehearsals;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Cli.Rehearse;

/// <summary><c>schemagate rehearse</c>: what is pending, run where it harms nobody, and rolled back.</summary>
internal static class RehearseCommand
{
    private static readonly Option<bool> NoRollback = new("--no-rollback")
    {
        Description = "Run the migrations only, and none of their rollbacks.",
    };

    private static readonly Option<string> Output = CreateOutput();

    public static Command Create(Shell shell)
    {
        Command command = new("rehearse", """
            Run the pending migrations and their rollbacks in a scratch database, and say what they do.

            A database is made on the live one's server, or on the one that --scratch names, with what the applied migrations build;
            it holds no rows and is dropped afterwards. Each statement's locks, rewrites and scans are observed there, and with the
            sizes of the live tables follows about how long each lock lasts. Then each rollback runs: a down.sql beside the migration,
            or the SQL of the changelog's entry; and the schema is compared with the one before. The live database is only read.
            Without a live database all migrations are pending.

            Examples:
              schemagate rehearse
              schemagate rehearse services/shop --database - < url.txt
              schemagate rehearse --scratch SCRATCH_URL --output markdown
              schemagate rehearse --image registry.example.com/shop/schema:1.42.0 --through 20241224000000_add_sites_model

            Exit codes: 0 all ran, and every rollback that can be run leads back; 1 a migration or a rollback fails, a statement of
            --statements breaks, or something cannot be run here; 2 wrong usage; 3 a database or the registry could not be reached
            or refused the user.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.Schema, ScratchServer.Option, ScratchLikeness.Option, NoRollback,
            RehearsedProof.Statements, ReportFile.Option, Output,
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
        try
        {
            RehearseReport report = await RehearsalFile.WriteAsync(
                arguments, () => RehearsedAsync(arguments, shell, cancellation));
            Print(report, arguments, shell);
            return report.Fails ? ExitCodes.Blocked : ExitCodes.Open;
        }
        catch (DatabaseException exception)
        {
            return DocumentRun.Say(arguments, exception.Message, MigrateCommand.ExitCodeOf(new(exception.Kind, exception.Message, [])));
        }
        catch (DocumentException exception)
        {
            return DocumentRun.Say(arguments, exception.Message, ExitCodes.Unreachable);
        }
    }

    private static async Task<RehearseReport> RehearsedAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(DatabaseOptions.Database) == "-" && arguments.GetValue(ScratchServer.Option) == "-")
        {
            throw new UsageException("Standard input cannot be both URLs.");
        }

        DatabaseChoice? live = await DatabaseOptions.FindAsync(arguments, shell, cancellation);
        (DatabaseUrl server, ScratchOptions options) = await ScratchServer.ChooseAsync(arguments, shell, live?.Parse(), cancellation);
        SchemaBuilder builder = new(server, options, shell.Time);
        MigrationSource source = await MigrationSource.ReadAsync(arguments, shell, cancellation);
        if (source.Set is not Evidence<MigrationSet>.Found { Value: var set })
        {
            throw new DatabaseException(source.Failure!.Kind, source.Failure.Message);
        }

        (AppliedSet Applied, int Major)? known = live is null ? null : await HistoryOf.ReadAsync(live, set, shell, cancellation);
        AppliedSet? history = known?.Applied;
        HashSet<string> applied = [.. history?.Part(set).Names ?? []];
        RehearsalPlan plan = new(set, applied)
        {
            Live = live?.Parse(),
            IsLikeLive = ScratchLikeness.IsLive(arguments, live),
            Schema = live?.Parse().Schema ?? server.Schema,
        };
        (IReadOnlyList<RehearsedMigration> done, Rehearsal? rehearsal) = plan.Pending.Count == 0 ? ([], null) : await RunAsync(
            plan with { Rollbacks = await RollbacksAsync(arguments, plan, source, shell, cancellation) },
            builder, arguments, shell, cancellation);
        string[] notes =
        [
            .. known?.Major is { } one && rehearsal?.Major is { } other && one != other
                ? [$"The live server's major version is {one}, the scratch server's {other}: what they lock may differ."]
                : (string[])[],
            .. history is { Beyond: [_, ..] beyond }
                ? [$"The database has {string.Join(", ", beyond)}, which these migrations lack: the scratch database has none of it."]
                : (string[])[],
            .. rehearsal?.SizesUnread is { } unread
                ? [$"How long locks last is not said: the sizes of the live database's tables could not be read. {unread}"]
                : (string[])[],
            .. history?.Doubtful.Select(doubt => $"{doubt.Key}: {doubt.Value}.") ?? [], .. set.Notes,
        ];
        RehearseReport report = RehearseReport.Of(
            done, [.. plan.Pending.Select(migration => migration.Name)], applied.Count, live?.Location, notes);
        return await RehearsedProof.AddAsync(report, plan, builder, source.Script, arguments, shell, cancellation);
    }

    private static async Task<(IReadOnlyList<RehearsedMigration> Done, Rehearsal? Rehearsal)> RunAsync(
        RehearsalPlan plan, SchemaBuilder builder, ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        RehearseProgress progress = new(new StyledText(arguments.InvocationConfiguration.Error, isColoured: false));
        Rehearsal rehearsal = new(builder, plan, shell.Time, progress);
        return (await rehearsal.RunAsync(cancellation), rehearsal);
    }

    private static async Task<Dictionary<string, RollbackText>?> RollbacksAsync(
        ParseResult arguments, RehearsalPlan plan, MigrationSource source, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(NoRollback))
        {
            return null;
        }

        RollbackSources sources = arguments.GetValue(MigrationSource.Image) is { } image
            ? new(await ImageOptions.Of(arguments, shell).EntriesAsync(image, shell.Time, cancellation), Script: null)
            : RollbackSources.Of(Checkout.Of(arguments), source.Script);
        return plan.Pending.ToDictionary(migration => migration.Name, sources.Of, StringComparer.Ordinal);
    }

    private static void Print(RehearseReport report, ParseResult arguments, Shell shell)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        switch (arguments.GetValue(Output))
        {
            case "json":
                CliJson.Write(output, report, CliJson.Relaxed.RehearseReport);
                break;
            case "markdown":
                RehearseMarkdown.Print(report, output);
                break;
            default:
                RehearsePrinter.Print(report, shell.Text(output));
                if (report.Statements is { } proof)
                {
                    shell.Text(output).Line();
                    ProvePrinter.Print(proof, shell.Text(output));
                }

                break;
        }
    }

    private static Option<string> CreateOutput()
    {
        Option<string> option = new("--output", "-o") { Description = "For people or for programs.", DefaultValueFactory = _ => "text" };
        return option.AcceptOnlyFromAmong("text", "json", "markdown");
    }
}
