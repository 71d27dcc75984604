using System.Text.Json.Serialization;
using SchemaGate.Core;
using SchemaGate.Core.Branches;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Verify;

/// <summary>What <c>verify</c> says: its JSON shape, and what its printer prints. Words are those of the resource's status.</summary>
/// <param name="Verdict">Open, Blocked, Migrating or Unknown.</param>
/// <param name="Path">Null where manifests alone were judged.</param>
/// <param name="Findings">The worst first, then by line.</param>
/// <param name="Migrations">Null while files or history are unknown.</param>
/// <param name="Plan">What applying the pending ones will do; null while there are none, or it is unknown.</param>
/// <param name="Notes">What else the reader should know, one sentence each.</param>
/// <param name="Next">What to do next, one sentence each.</param>
internal sealed record VerifyReport(
    string Verdict,
    string Reason,
    string Message,
    string? Path,
    ChangelogLine? Changelog,
    DatabaseLine? Database,
    IReadOnlyList<ConditionLine> Conditions,
    IReadOnlyList<FindingLine> Findings,
    MigrationSummary? Migrations,
    PlanLine? Plan,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Next)
{
    /// <summary>Null where none were named.</summary>
    public ManifestsReport? Manifests { get; init; }

    /// <summary>Null where the whole checkout was judged.</summary>
    public BranchLine? Branch { get; init; }

    /// <summary>Manifests alone: no checkout, no database.</summary>
    public static VerifyReport Of(ManifestsReport manifests) =>
        new(manifests.Verdict.ToString(), manifests.Reason, manifests.Message, null, null, null, [], [], null, null, [], [])
        {
            Manifests = manifests,
        };

    /// <summary>Verdict, reason and message are of whichever is worse.</summary>
    public VerifyReport With(ManifestsReport manifests) => VerifyCommand.ExitCodeOf(manifests.Verdict) <= ExitCode
        ? this with { Manifests = manifests }
        : this with
        {
            Manifests = manifests,
            Verdict = manifests.Verdict.ToString(),
            Reason = manifests.Reason,
            Message = manifests.Message,
        };

    [JsonIgnore]
    public int ExitCode => VerifyCommand.ExitCodeOf(Enum.Parse<Verdict>(Verdict));

    public static VerifyReport Of(GateInput input, Decision decision, Checkout checkout, DatabaseChoice? choice)
    {
        ChangelogEvidence? files = (input.Changelog as Evidence<ChangelogEvidence>.Found)?.Value;
        DatabaseState? state = (input.Database as Evidence<DatabaseState>.Found)?.Value;
        ChangelogLine? changelog = files is null ? null : ChangelogLine.Of(files, checkout.Shown(input.Spec.Changelog.Migrations));
        DatabaseLine? database = choice is null ? null : new(choice.From, choice.Location, state?.Identity.ToString(), state?.IsStandby);
        return new(
            decision.Verdict.ToString(),
            decision.Reason,
            decision.Message,
            checkout.Root,
            changelog,
            database,
            [.. decision.Conditions.Where(condition => GateConditions.Witnesses.Contains(condition.Type, StringComparer.Ordinal))
                .Select(ConditionLine.Of)],
            [.. decision.Findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Span?.Line ?? int.MaxValue)
                .Select(finding => FindingLine.Of(finding, files!, checkout, input.Spec.Changelog.Migrations))],
            decision.Migrations,
            decision.Plan is { } plan ? PlanLine.Of(plan) : null,
            [.. NotesOn(input, files, choice)],
            [.. NextSteps.After(
                decision, checkout, input.Spec.Changelog.Migrations, choice,
                files?.Migrations.Tool ?? input.Spec.Database.Tool ?? MigrationTool.Prisma)
                .Select(step => PrismaVersion.Named(step, checkout))]);
    }

    private static IEnumerable<string> NotesOn(GateInput input, ChangelogEvidence? files, DatabaseChoice? choice)
    {
        if (choice is { From: DatabaseOptions.Variable })
        {
            yield return $"The database is that of {DatabaseOptions.Variable} in the environment; --no-database leaves it out.";
        }

        foreach (string note in choice?.Notes ?? [])
        {
            yield return note;
        }

        foreach (string note in files?.Migrations.Notes ?? [])
        {
            yield return note;
        }

        if (files is not null && input.Spec.Through is { } through && !files.Migrations.Names.Contains(through, StringComparer.Ordinal))
        {
            yield return $"There is no migration {through}, so every migration is required.";
        }
    }
}

/// <summary>The document and the migrations beside it, in numbers.</summary>
/// <param name="Document">Null with <c>--no-changelog</c>.</param>
/// <param name="Directory">Where the migrations are.</param>
internal sealed record ChangelogLine(
    string? Document, int Entries, int Pending, int Migrated, int Deployed, string Directory, int Migrations)
{
    public static ChangelogLine Of(ChangelogEvidence files, string directory)
    {
        Changelog document = files.Document;
        return new(
            files.DocumentPath.Length == 0 ? null : files.DocumentPath,
            document.Entries.Count,
            document.Entries.Count(entry => entry.IsPending),
            document.Entries.Count(entry => entry is { IsPending: false, Status: ChangelogStatus.Migrated }),
            document.Entries.Count(entry => entry is { IsPending: false, Status: ChangelogStatus.Deployed }),
            directory,
            files.Migrations.Migrations.Count);
    }
}

/// <summary>The database that was asked.</summary>
/// <param name="From">Where the URL came from.</param>
/// <param name="Location"><c>host:port/database?schema=…</c>; null where the URL cannot be read.</param>
/// <param name="Identity">System identifier, database and schema; null where it could not be asked.</param>
internal sealed record DatabaseLine(string From, string? Location, string? Identity, bool? Standby);

/// <summary>One witness.</summary>
/// <param name="Status">True, False or Unknown.</param>
internal sealed record ConditionLine(string Type, string Status, string Reason, string Message)
{
    public static ConditionLine Of(GateCondition condition) =>
        new(condition.Type, condition.Status.ToString(), condition.Reason, condition.Message);
}

/// <summary>One finding and its place.</summary>
/// <param name="Severity">blocking, warning or information.</param>
/// <param name="File">The document; the migration's file where the document does not name it.</param>
/// <param name="Line">From 1; null without a place in the file.</param>
/// <param name="Column">From 1, in UTF-16 code units, as is the length.</param>
internal sealed record FindingLine(
    string Id, string Severity, string Message, string File, int? Line, int? Column, int? Length, string? Migration)
{
    public static FindingLine Of(Finding finding, ChangelogEvidence files, Checkout checkout, string migrations)
    {
        Migration? script = finding.Span is null
            ? files.Migrations.Migrations.FirstOrDefault(migration => migration.Name == finding.Migration)
            : null;
        return new(
            finding.Id,
            Word(finding.Severity),
            finding.Message,
            script is null ? files.DocumentPath : PathOf(script, files.Migrations.Tool, checkout, migrations),
            finding.Span?.Line,
            finding.Span?.Column,
            finding.Span?.Length,
            finding.Migration);
    }

    public static FindingLine Of(BranchFinding finding) => new(
        finding.Id, Word(finding.Severity), finding.Message, finding.File,
        finding.Span?.Line, finding.Span?.Column, finding.Span?.Length, finding.Migration);

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Blocking => "blocking",
        FindingSeverity.Warning => "warning",
        _ => "information",
    };

    /// <summary>Of other tools' migrations that no single file tells, the directory.</summary>
    private static string PathOf(Migration migration, MigrationTool tool, Checkout checkout, string migrations) => migration.File switch
    {
        { } file => checkout.Shown($"{migrations}/{file}"),
        null when tool == MigrationTool.Prisma => checkout.Script(migrations, migration.Name),
        null => checkout.Shown(migrations),
    };

    /// <summary>As compilers write it, so that editors find it.</summary>
    public string Place() => Line is null ? File : $"{File}:{Line}:{Column}";
}

/// <summary>What applying the pending migrations will do.</summary>
/// <param name="Risk">Low, Medium, High or Unknown, for running code and data.</param>
internal sealed record PlanLine(string Risk, int Findings, IReadOnlyList<PlannedLine> Migrations)
{
    public static PlanLine Of(PlanSummary plan) => new(
        plan.Risk?.ToString() ?? "Unknown", plan.Findings,
        [.. plan.Migrations.Select(migration => new PlannedLine(migration.Name, migration.Risk.ToString(), migration.Sentence))]);
}

/// <summary>One pending migration and what a person needs to know first.</summary>
internal sealed record PlannedLine(string Name, string Risk, string Message);
