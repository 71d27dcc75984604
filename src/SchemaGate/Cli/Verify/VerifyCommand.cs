using System.CommandLine;
using SchemaGate.Cli.Reports;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Verify;

/// <summary><c>schemagate verify</c>: the gate's own judgement, on files.</summary>
internal static class VerifyCommand
{
    /// <summary>The name of a document that came by standard input.</summary>
    private const string InputDocument = "<stdin>";

    public static Option<string?> Document { get; } = new("--document")
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

    /// <summary>What says how a checkout is judged.</summary>
    private static readonly Option[] s_ofCheckout =
    [
        DatabaseOptions.Database, DatabaseOptions.Schema, Document, NoChangelog.Option, Checkout.Migrations, DatabaseOptions.Tool, Through,
        RecordsThisDatabase, .. PolicyOptions.All, .. BranchOptions.All,
    ];

    /// <summary>What a branch is not asked about.</summary>
    private static readonly Option[] s_notOfBranches =
        [DatabaseOptions.Database, DatabaseOptions.Schema, Through, RecordsThisDatabase, .. PolicyOptions.OfDatabases];

    public static Command Create(Shell shell)
    {
        Command command = new("verify", """
            Judge a checkout, a database or Kubernetes manifests, as a gate would.

            Compares what people wrote (the changelog document), what was built (the migrations) and what is true (the
            database's history), prints the verdict, every finding with its line, and what to do next. It changes nothing.

            --changed-since looks at what a branch adds to a revision, the working tree included, by git and without a database: a change
            of schema.prisma without a migration or an entry, a migration without an entry, an entry without a migration, an old migration
            that is edited, renamed or deleted, one that sorts before the newest released one, a name or a place that is taken.

            --manifests says of every object that is gated, or says so by half, what admission would say of it, and whether the
            gates that it names are among them. Render what is a template before.

            Examples:
              schemagate verify
              schemagate verify services/shop --no-database
              schemagate verify --database - --records-this-database < url.txt
              schemagate verify --no-changelog --migrations db/migrate --database - < url.txt
              schemagate verify --output json | jq -r .reason
              schemagate verify --changed-since origin/main --output github
              schemagate verify --manifests deploy/
              helm template charts/shop | schemagate verify --manifests -
              kustomize build overlays/production | schemagate verify . --manifests -

            Exit codes: 0 open, 1 blocked or refused, 2 wrong usage, 3 the database could not be reached or asked, not all
            manifests could be read, or git could not tell what a branch adds.
            """)
        {
            Checkout.Path, DatabaseOptions.Database, DatabaseOptions.NoDatabase, DatabaseOptions.Schema,
            Document, NoChangelog.Option, Checkout.Migrations, DatabaseOptions.Tool, Through, RecordsThisDatabase, ManifestOption.Option,
            ReportOutput.Option,
        };
        foreach (Option policy in (IEnumerable<Option>)[.. PolicyOptions.All, .. BranchOptions.All])
        {
            command.Add(policy);
        }

        command.SetAction((arguments, cancellation) => RunAsync(arguments, shell, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        IReadOnlyList<string> paths = ManifestOption.Paths(arguments, s_ofCheckout);
        VerifyReport? report = paths.Count > 0 && arguments.GetValue(Checkout.Path) is null
            ? null
            : await JudgeAsync(arguments, paths.Contains("-", StringComparer.Ordinal), shell, cancellation);
        if (paths.Count > 0)
        {
            ManifestsReport manifests = await ManifestJudgement.OfAsync(paths, shell, cancellation);
            report = report?.With(manifests) ?? VerifyReport.Of(manifests);
        }

        Print(report!, arguments, shell);
        return report!.ExitCode;
    }

    private static void Print(VerifyReport report, ParseResult arguments, Shell shell)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        string format = arguments.GetValue(ReportOutput.Option)!;
        switch (format)
        {
            case "json":
                CliJson.Write(output, report, CliJson.Relaxed.VerifyReport);
                break;
            case "text":
                VerifyPrinter.Print(report, shell.Text(output));
                break;
            default:
                ReportOutput.Print(format, VerifyFindings.Of(report), output);
                break;
        }
    }

    /// <param name="arguments">The command line.</param>
    /// <param name="isInputTaken">Whether standard input is something else already.</param>
    /// <param name="shell">What surrounds the command.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task<VerifyReport> JudgeAsync(
        ParseResult arguments, bool isInputTaken, Shell shell, CancellationToken cancellation)
    {
        Checkout checkout = Checkout.Of(arguments);
        string?[] inputs = [arguments.GetValue(Document), arguments.GetValue(DatabaseOptions.Database), isInputTaken ? "-" : null];
        if (inputs.Count(input => input == "-") > 1)
        {
            throw new UsageException("Standard input cannot be two of the document, the database URL and the manifests.");
        }

        if (NoChangelog.IsAsked(arguments) && (arguments.GetValue(Document) is not null || arguments.GetValue(RecordsThisDatabase)))
        {
            throw new UsageException("--no-changelog goes with neither --document nor --records-this-database.");
        }

        if (BranchOptions.Revision(arguments, s_notOfBranches) is { } revision)
        {
            GateSpec asked = Spec(arguments, checkout, choice: null);
            return await BranchJudgement.OfAsync(arguments, checkout, asked.Changelog, revision, shell.Time, cancellation);
        }

        DatabaseChoice? choice = await DatabaseOptions.FindAsync(arguments, shell, cancellation);
        GateSpec spec = Spec(arguments, checkout, choice);
        using DatabaseEvidence databases = new(allowLocalFiles: true, shell.Time);
        Evidence<DatabaseState>? database = choice is null ? null
            : (await databases.ReadAsync(choice.Url, choice.Schema, spec.Database.Tool, cancellation)).Evidence;
        int? major = (database as Evidence<DatabaseState>.Found)?.Value.ServerVersion;
        Evidence<ChangelogEvidence> changelog = await ChangelogAsync(arguments, checkout, spec, major, shell, cancellation);
        GateInput input = new(spec, [], changelog, database, KnownIdentity: null, [], GateMemory.None, shell.Time.GetUtcNow());
        input = choice is null ? input : input with { Drift = await DriftAsync(input, choice.Url, databases, cancellation) };
        return VerifyReport.Of(input, GateDecision.Decide(input), checkout, choice);
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
            NoChangelog.IsAsked(arguments) ? NoChangelog.Of(PolicyOptions.Read(arguments)) : PolicyOptions.Read(arguments),
            Enforcement.Observe, Suspend: false);
    }

    private static async Task<Evidence<ChangelogEvidence>> ChangelogAsync(
        ParseResult arguments, Checkout checkout, GateSpec spec, int? major, Shell shell, CancellationToken cancellation)
    {
        if (NoChangelog.IsAsked(arguments))
        {
            return await RiskEvidence.JudgedAsync(
                NoChangelog.Read(checkout, spec.Changelog.Migrations, spec.Changelog.Tool), major, shell.Time, cancellation);
        }

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

    private static async Task<DriftEvidence?> DriftAsync(
        GateInput input, string url, DatabaseEvidence databases, CancellationToken cancellation) =>
        (DriftSteps.Next(input, last: null), input.Database) switch
        {
            (DriftStep.Compare step, Evidence<DatabaseState>.Found { Value: var state }) =>
                DriftEvidence.Of(
                    await databases.Drifts.ReadAsync(new(step, url, input.Spec, state, Tenant: ""), look: null, cancellation), step),
            (DriftStep.Settled { Known: var known }, _) => known,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
