using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Verify;

/// <summary><c>schemagate verify</c>: the gate's own judgement, on files.</summary>
internal static class VerifyCommand
{
    /// <summary>The name of a document that came by standard input.</summary>
    private const string InputDocument = "<stdin>";

    private static readonly Option<string?> Document = new("--document")
    {
        HelpName = "PATH",
        Description = "The document, below PATH, or - to read it from standard input. Default: "
            + $"{string.Join(", then ", ChangelogSource.DefaultDocuments)}.",
    };

    private static readonly Option<string?> Through = new("--through")
    {
        HelpName = "MIGRATION",
        Description = "The last migration that is required. Default: all.",
    };

    private static readonly Option<bool> RecordsThisDatabase = new("--records-this-database")
    {
        Description = "DEPLOYED in the document means deployed in this database (production).",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("verify", """
            Judge a checkout, and optionally a database, as a gate would.

            Compares what people wrote (the changelog document), what was built (the migrations) and what is true (the
            database's history), prints the verdict, every finding with its line, and what to do next. It changes nothing.

            Examples:
              schemagate verify
              schemagate verify services/shop --no-database
              schemagate verify --database - --records-this-database < url.txt
              schemagate verify --output json | jq -r .reason

            Exit codes: 0 open, 1 blocked, 2 wrong usage, 3 the database could not be reached or asked.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.NoDatabase, DatabaseOptions.Schema,
            Document, Checkout.Migrations, DatabaseOptions.Tool, Through, RecordsThisDatabase, OutputOption.Option,
        };
        foreach (Option policy in PolicyOptions.All)
        {
            command.Add(policy);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        Checkout checkout = Checkout.Of(arguments);
        if (arguments.GetValue(Document) == "-" && arguments.GetValue(DatabaseOptions.Database) == "-")
        {
            throw new UsageException("Standard input cannot be both the document and the database URL.");
        }

        DatabaseChoice? choice = await DatabaseOptions.FindAsync(arguments, shell, cancellation);
        GateSpec spec = Spec(arguments, checkout, choice);
        Evidence<DatabaseState>? database = choice is null ? null : await DatabaseAsync(choice, spec.Database.Tool, shell, cancellation);
        int? major = (database as Evidence<DatabaseState>.Found)?.Value.ServerVersion;
        Evidence<ChangelogEvidence> changelog = await ChangelogAsync(arguments, checkout, spec, major, shell, cancellation);
        GateInput input = new(spec, [], changelog, database, KnownIdentity: null, [], GateMemory.None, shell.Time.GetUtcNow());
        VerifyReport report = VerifyReport.Of(input, GateDecision.Decide(input), checkout, choice);
        if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(arguments.InvocationConfiguration.Output, report, CliJson.Relaxed.VerifyReport);
        }
        else
        {
            VerifyPrinter.Print(report, new StyledText(arguments.InvocationConfiguration.Output, shell.IsColoured));
        }

        return ExitCodeOf(ReasonTable.Rows[report.Reason].Verdict);
    }

    public static int ExitCodeOf(Verdict verdict) => verdict switch
    {
        Verdict.Open => ExitCodes.Open,
        Verdict.Unknown => ExitCodes.Unreachable,
        _ => ExitCodes.Blocked,
    };

    private static GateSpec Spec(ParseResult arguments, Checkout checkout, DatabaseChoice? choice)
    {
        string? document = arguments.GetValue(Document) switch { null => null, "-" => InputDocument, var path => checkout.Below(path) };
        ChangelogSource source = new(
            checkout.Root, document, checkout.Below(arguments.GetValue(Checkout.Migrations)!), TimeSpan.Zero,
            PlainHttp: false, arguments.GetValue(RecordsThisDatabase))
        {
            Tool = DatabaseOptions.ToolOf(arguments),
        };
        return new(
            source, new DatabaseSource("", "", choice?.Schema, TimeSpan.Zero) { Tool = source.Tool }, arguments.GetValue(Through),
            PolicyOptions.Read(arguments), Enforcement.Observe, Suspend: false);
    }

    private static async Task<Evidence<ChangelogEvidence>> ChangelogAsync(
        ParseResult arguments, Checkout checkout, GateSpec spec, int? major, Shell shell, CancellationToken cancellation)
    {
        bool isInput = arguments.GetValue(Document) == "-";
        ReadOnlyMemory<byte>? document = null;
        if (isInput)
        {
            // Not in a conditional expression: there, null becomes an empty document.
            document = await shell.ReadInputAsync(DirectoryEvidence.LongestFile, cancellation);
        }

        Evidence<ChangelogEvidence> evidence = await RiskEvidence.JudgedAsync(
            DirectoryEvidence.Read(checkout.Root, ChangelogFiles.Of(spec.Changelog), document), major, shell.Time, cancellation);
        return evidence is Evidence<ChangelogEvidence>.Found { Value: var value } && !isInput
            ? new Evidence<ChangelogEvidence>.Found(value with { DocumentPath = checkout.Shown(value.DocumentPath) })
            : evidence;
    }

    private static async Task<Evidence<DatabaseState>> DatabaseAsync(
        DatabaseChoice choice, MigrationTool? tool, Shell shell, CancellationToken cancellation)
    {
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        return (await databases.ReadAsync(choice.Url, choice.Schema, tool, cancellation)).Evidence;
    }
}
