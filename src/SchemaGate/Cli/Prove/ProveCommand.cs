using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Migrate;
using SchemaGate.Cli.Reports;
using SchemaGate.Core;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Proving;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Cli.Prove;

/// <summary><c>schemagate prove</c>: which statements of running code pending migrations break.</summary>
internal static class ProveCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("prove", """
            Say which statements of running code pending migrations break.

            Each statement that has run in the database (pg_stat_statements) is prepared in an empty scratch database before and after
            each pending migration. The live database is only read; the scratch database is made on its server, or on the one that
            --scratch names, and dropped afterwards.

            Examples:
              schemagate prove --database "$DATABASE_URL"
              schemagate prove --scratch SCRATCH_URL --role shop_app --like live
              schemagate prove --image registry.example.com/shop/schema:1.42.0 --output github
              schemagate prove --statements shapes.json --since 20241217000000_add_orders --scratch SCRATCH_URL
              schemagate prove --rollback down.sql --statements new.sql --scratch SCRATCH_URL

            Exit codes: 0 no statement is broken, or nothing is pending; 1 one is, or a migration fails in the scratch database,
            or there is no statement that could be proved; 2 wrong usage; 3 a database, its statements or the registry could
            not be read.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.Schema, ShapeSource.Statements, ShapeSource.Role,
            ScratchServer.Option, ScratchLikeness.Option, ProveSubject.Since, ProveSubject.Rollback, ReportOutput.Option,
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
        string?[] given = [arguments.GetValue(DatabaseOptions.Database), arguments.GetValue(ScratchServer.Option),
            arguments.GetValue(ShapeSource.Statements)];
        if (given.Count(value => value == "-") > 1)
        {
            throw new UsageException("Standard input can be only one of --database, --scratch and --statements.");
        }

        MigrationSource source = await MigrationSource.ReadAsync(arguments, shell, cancellation);
        if (source.Failure is { } failure || source.Set is not Evidence<MigrationSet>.Found { Value: var set })
        {
            return DocumentRun.Say(arguments, source.Failure!.Message, MigrateCommand.ExitCodeOf(source.Failure));
        }

        try
        {
            return await ProveAsync(arguments, shell, source, set, cancellation);
        }
        catch (DatabaseException exception)
        {
            return DocumentRun.Say(arguments, exception.Message, ExitCodeOf(exception.Kind));
        }
        catch (DocumentException exception)
        {
            return DocumentRun.Say(arguments, exception.Message, ExitCodes.Unreachable);
        }
    }

    private static async Task<int> ProveAsync(
        ParseResult arguments, Shell shell, MigrationSource source, MigrationSet set, CancellationToken cancellation)
    {
        DatabaseChoice? choice = await DatabaseOptions.FindAsync(arguments, shell, cancellation);
        DatabaseUrl? database = choice?.Parse();
        bool isLikeLive = ScratchLikeness.IsLive(arguments, choice);
        if (isLikeLive && (arguments.GetValue(ProveSubject.Since) ?? arguments.GetValue(ProveSubject.Rollback)) is not null)
        {
            throw new UsageException("--like live is the database as it is: --since and --rollback say that it is to be another.");
        }

        ProveSubject subject = await ProveSubject.ReadAsync(arguments, shell, source, set, choice, cancellation);
        ShapeReading reading = await ShapeSource.ReadAsync(arguments, shell, database, cancellation);
        Proof proof = new([], []);
        if (subject.Pending.Count > 0)
        {
            (DatabaseUrl server, ScratchOptions options) = await ScratchServer.ChooseAsync(arguments, shell, database, cancellation);
            SchemaBuilder builder = new(server, options, shell.Time);
            MigrationSet applied = new(subject.Applied, set.Problems) { Tool = set.Tool };
            ProofRun.Refuse([.. subject.Applied, .. subject.Pending]);
            await using ScratchDatabase scratch = isLikeLive
                ? await LiveScratch.BuildAsync(builder, database!, applied, shell.Time, cancellation)
                : await builder.BuildAsync(applied, cancellation);
            proof = await ProofRun.RunAsync(scratch.Url, [], subject.Pending, reading.Shapes, cancellation);
        }

        string asked = arguments.GetValue(ShapeSource.Statements)!;
        ProveReport report = ProveReport.Of(proof, reading, choice?.Location, subject.Script)
            .Explained(ShapeSource.None(asked, arguments.GetValue(ShapeSource.Role)));
        Print(arguments, shell, report, subject.Pending.Count == 0);
        return report.ExitCode;
    }

    private static void Print(ParseResult arguments, Shell shell, ProveReport report, bool isEmpty)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        switch (arguments.GetValue(ReportOutput.Option)!)
        {
            case "text" when isEmpty:
                shell.Text(output).Line("Nothing to prove: no migration is pending.", Style.Green);
                break;
            case "text":
                ProvePrinter.Print(report, shell.Text(output));
                break;
            case "json":
                CliJson.Write(output, report, CliJson.Relaxed.ProveReport);
                break;
            case var format:
                ReportOutput.Print(
                    format, ProveFindings.Of(report, arguments.GetValue(MigrationSource.Image) ?? Checkout.Of(arguments).Root), output);
                break;
        }
    }

    private static int ExitCodeOf(DatabaseFailure kind) => kind switch
    {
        DatabaseFailure.MigrationFailed or DatabaseFailure.ScriptRefused or DatabaseFailure.SetUnusable => ExitCodes.Blocked,
        DatabaseFailure.Canceled => ExitCodes.Canceled,
        _ => ExitCodes.Unreachable,
    };
}
