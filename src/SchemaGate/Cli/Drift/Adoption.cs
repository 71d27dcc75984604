using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Cli.Diff;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Resolving;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Drift;

/// <summary>
/// Makes a migration of drift, step by step: found, written down as SQL and tried; then the files, then the history's row. Each step finds
/// what an earlier run has done of it.
/// </summary>
/// <param name="title">What the migration is called behind its digits.</param>
internal sealed class Adoption(ParseResult arguments, Shell shell, string title)
{
    private static readonly string[] s_noDocument = ["There is no changelog here: no entry was written (--changelog FILE)."];

    private readonly bool _isDry = arguments.GetValue(AdoptCommand.DryRun);

    /// <exception cref="DocumentException">A file cannot be read or written.</exception>
    /// <exception cref="Postgres.DatabaseException">The database or the scratch server cannot be read.</exception>
    public async Task<AdoptReport> RunAsync(CancellationToken cancellation)
    {
        DiffSides sides = new(arguments, shell);
        AppliedFiles files = await sides.AppliedAsync(cancellation);
        if (Refusal(files) is { } refusal)
        {
            return AdoptReport.Refused(refusal, HistoryNotes.Of(files.Applied));
        }

        DiffTask task = await DiffTask.OfAsync(arguments, shell, sides, cancellation);
        DiffSide live = await sides.ReadAsync(DiffSides.Live, cancellation);
        Migration? begun = files.Pending.FirstOrDefault(migration => AdoptedMigration.IsCalled(migration, title));
        (Migration? made, AdoptReport? end) = begun is null
            ? await MakeAsync(files, task, live, cancellation)
            : (begun, await JudgeAsync(files, begun, task, live, cancellation));
        return end ?? await FinishAsync(files, made!, isWritten: begun is not null, sides, cancellation);
    }

    private static string? Refusal(AppliedFiles files) => files switch
    {
        { Set: { Tool: not MigrationTool.Prisma, Migrations.Count: > 0 } set } =>
            $"These are {ToolGuide.Of(set.Tool).Name}'s migrations, and this writes one of Prisma's: "
                + "`schemagate diff --output sql` prints the SQL for one of yours.",
        { Applied: { Beyond.Count: > 0 } or { Doubtful.Count: > 0 } } =>
            "The files and the history disagree, so what differs was not all done by hand, and would be adopted with it. Take the checkout "
                + "that has what is applied, and finish or resolve what is not (`schemagate resolve`); then run this again.",
        _ => null,
    };

    /// <summary>The migration, tried; or why there is none.</summary>
    private async Task<(Migration?, AdoptReport?)> MakeAsync(
        AppliedFiles files, DiffTask task, DiffSide live, CancellationToken cancellation)
    {
        SchemaDiff diff = await task.ReadAsync(files.Side, live, cancellation);
        if (diff.Changes.IsEmpty)
        {
            return (null, new AdoptReport(null, null, null, _isDry) { Notes = diff.Notes });
        }

        bool mayDestroy = arguments.GetValue(DiffOptions.AllowDestructive);
        MendedSql sql = await MendedSql.OfAsync(diff, isBack: false, allowDestructive: true, task.Builder, cancellation);
        string? refusal = sql switch
        {
            { IsVerified: false } => $"No migration makes all of it: {string.Join(' ', sql.Left)}",
            { Destroys: true } when !mayDestroy =>
                "The database lacks what the migrations make, so the migration would lose data or objects wherever it runs. Bring that "
                + "back (`schemagate diff --output sql --direction database`), or write --allow-destructive.",
            _ => null,
        };
        if (refusal is not null)
        {
            return (null, AdoptReport.Refused(refusal, diff.Notes));
        }

        Migration migration = AdoptedMigration.Of(AdoptedMigration.NameAfter(files.Set, title, shell.Time.GetUtcNow()), sql.Text);
        return (migration, await JudgeAsync(files, migration, task, live, cancellation));
    }

    /// <summary>Whether the applied migrations and this one build what the database has, and all of them together run; why not.</summary>
    private static async Task<AdoptReport?> JudgeAsync(
        AppliedFiles files, Migration migration, DiffTask task, DiffSide live, CancellationToken cancellation)
    {
        SchemaDiff diff = await task.ReadAsync(files.Of(files.With(migration)), live, cancellation);
        if (!diff.Changes.IsEmpty)
        {
            return AdoptReport.Refused(
                $"{migration.Name} does not make what the database has: "
                    + $"{string.Join("; ", DiffReport.Of(diff).Differences.Take(5).Select(line => line.Says))}.", diff.Notes);
        }

        if (files.Pending.Any(pending => pending.Name != migration.Name))
        {
            // A new database gets the pending ones before this one.
            await task.Builder.ReadableAsync(new SchemaSource.OfMigrations(files.AllWith(migration)), cancellation);
        }

        return null;
    }

    private async Task<AdoptReport> FinishAsync(
        AppliedFiles files, Migration migration, bool isWritten, DiffSides sides, CancellationToken cancellation)
    {
        string file = $"{files.Directory}/{migration.Name}/migration.sql";
        DraftedEntry draft = MigrationDrafts.Of(
            new(files.Directory, files.AllWith(migration)), new HashSet<string>(StringComparer.Ordinal) { migration.Name }, files.Major,
            shell.Time).Single();
        DocumentFile? document = Document(files.Checkout);
        AdoptReport report = new(migration.Name, files.Checkout.Shown(file), migration.Sql, _isDry)
        {
            Notes = [.. HistoryNotes.Of(files.Applied), .. document is null ? s_noDocument : []],
        };
        // Before anything is written: a document that cannot be edited stops it.
        EditOutcome? planned = document is null ? null : Entry(await document.ReadAsync(shell, cancellation));
        if (planned is EditOutcome.Refused { Reason: var reason })
        {
            return AdoptReport.Refused($"{document!.Shown}: {reason}", report.Notes);
        }

        if (!_isDry && !isWritten)
        {
            await AdoptedMigration.WriteAsync(Path.Combine(files.Checkout.Root, files.Directory), migration, cancellation);
        }

        report = report with
        {
            Document = document is null ? null : await WriteAsync(document, Entry, cancellation),
        };
        return arguments.GetValue(AdoptCommand.NoResolve) ? report : await ResolveAsync(report, files, migration, sides, cancellation);

        EditOutcome Entry(string text) => AdoptedEntry.Add(text, migration.Name, file, draft, DocumentEdit.Today(shell));
    }

    /// <summary>The document that is named, or the one at its usual place in the checkout; null where there is none.</summary>
    private DocumentFile? Document(Checkout checkout) =>
        arguments.GetValue(DocumentFile.Option) is { Length: > 0 } named
            ? new DocumentFile(named)
            : ChangelogSource.DefaultDocuments.Select(checkout.Shown).Where(File.Exists)
                .Select(path => new DocumentFile(path)).FirstOrDefault();

    private async Task<EditReport> WriteAsync(DocumentFile document, Func<string, EditOutcome> edit, CancellationToken cancellation)
    {
        string text = await document.ReadAsync(shell, cancellation);
        (string before, EditOutcome outcome) = _isDry
            ? (text, edit(text))
            : await DocumentWriter.UpdateAsync(document, edit, shell, cancellation);
        return outcome is EditOutcome.Edited { Text: var after }
            ? EditReport.Of(document, before, after, _isDry)
            : throw new DocumentException($"{document.Shown}: {((EditOutcome.Refused)outcome).Reason}");
    }

    private async Task<AdoptReport> ResolveAsync(
        AdoptReport report, AppliedFiles files, Migration migration, DiffSides sides, CancellationToken cancellation)
    {
        ResolveResult result = await new HistoryResolver(shell.Time).ResolveAsync(
            (await sides.LiveAsync(cancellation)).Parse(), files.AllWith(migration), new ResolveAction.MarkApplied([migration.Name]),
            new ResolveOptions { IsDryRun = _isDry }, progress: null, cancellation);
        return result.Failure is { } failure
            ? throw new DocumentException($"The files are written, the history's row is not: {failure.Message} Then run this again.")
            : report with { History = string.Join(' ', result.Resolutions.Select(resolution => resolution.Sentence)) };
    }
}
