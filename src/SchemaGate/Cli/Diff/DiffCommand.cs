using System.CommandLine;
using SchemaGate.Cli.Changelogs;

namespace SchemaGate.Cli.Diff;

/// <summary><c>schemagate diff</c>: what two schemas differ in.</summary>
internal static class DiffCommand
{
    public static Command Create(Shell shell)
    {
        Command command = new("diff", """
            Say what a database differs in from what its applied migrations build, or any two schemas from each other.

            The migrations run in a scratch database, on the database's server or on the one of --scratch, and it is gone
            afterwards. The database itself is only read. Migration tools' own tables, extensions' objects and, unless the
            migrations made them, other schemas are left out; so are rights of roles that no migration names.

            With --output sql it prints the SQL that mends it, which has been run in a scratch database and left no difference.
            What loses data or objects stands there as a comment, unless --allow-destructive.

            Without --from and --to: from history to live. With one of them alone: from live, or to live.

            Examples:
              schemagate diff
              schemagate diff services/shop --database - < url.txt
              schemagate diff --output sql --direction database > back.sql
              schemagate diff --output sql > prisma/migrations/20250301000000_drift/migration.sql
              schemagate diff --to migrations
              schemagate diff --from image:registry.example.com/shop/schema:1.41.0 --to image:registry.example.com/shop/schema:1.42.0
              schemagate diff --to database:STAGING_URL
              schemagate diff --from schema.sql --to migrations --scratch SCRATCH_URL

            Exit codes: 0 no difference; 1 a difference; 2 wrong usage; 3 a side could not be read or built, or the SQL was tried and
            does not mend it (it is then a comment, with what is left).
            """)
        {
            Checkout.Path, DiffOptions.From, DiffOptions.To, DatabaseOptions.Database, DatabaseOptions.Schema, DatabaseOptions.Tool,
            ScratchServer.Option, DiffOptions.Ignore, DiffOptions.Grants, DiffOptions.Direction, DiffOptions.AllowDestructive,
            DiffOptions.Output,
        };
        foreach (Option option in ImageOptions.All)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => DocumentRun.ExplainAsync(
            arguments, () => RunAsync(arguments, shell, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        (string? from, string? to) = (arguments.GetValue(DiffOptions.From), arguments.GetValue(DiffOptions.To));
        DiffSides sides = new(arguments, shell);
        DiffSide first = await sides.ReadAsync(from ?? (to is null ? DiffSides.History : DiffSides.Live), cancellation);
        DiffSide second = await sides.ReadAsync(to ?? DiffSides.Live, cancellation);
        DiffTask task = await DiffTask.OfAsync(arguments, shell, sides, cancellation);
        SchemaDiff diff = await task.ReadAsync(first, second, cancellation);
        string output = arguments.GetValue(DiffOptions.Output)!;
        MendedSql? sql = output == "text" || diff.Changes.IsEmpty ? null : await MendedSql.OfAsync(
            diff, arguments.GetValue(DiffOptions.Direction) == DiffOptions.Database, arguments.GetValue(DiffOptions.AllowDestructive),
            task.Builder, cancellation);
        Print(arguments, shell, diff, sql);
        return (diff.Changes.IsEmpty, sql) switch
        {
            (true, _) => ExitCodes.Open,
            (_, { IsVerified: false }) => ExitCodes.Unreachable,
            _ => ExitCodes.Blocked,
        };
    }

    private static void Print(ParseResult arguments, Shell shell, SchemaDiff diff, MendedSql? sql)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string direction = arguments.GetValue(DiffOptions.Direction)!;
        switch (arguments.GetValue(DiffOptions.Output))
        {
            case "json":
                DiffReport report = DiffReport.Of(diff) with
                {
                    Sql = sql is null ? null : new(direction, sql.Text, sql.IsVerified, sql.Left),
                };
                CliJson.Write(output, report, CliJson.Relaxed.DiffReport);
                break;
            case "sql":
                SqlPrinter.Print(diff, sql, isBack: direction == DiffOptions.Database, output);
                break;
            default:
                DifferencePrinter.Print(diff, Next(diff), shell.Text(output));
                break;
        }
    }

    private static IReadOnlyList<string> Next(SchemaDiff diff) => diff.Changes.IsEmpty || diff.From.Side.Word != "the history"
        ? []
        :
        [
            "schemagate diff --output sql --direction database   # the SQL that brings the database back",
            "schemagate drift adopt NAME                         # or make it a migration, with an entry in the changelog",
        ];
}
