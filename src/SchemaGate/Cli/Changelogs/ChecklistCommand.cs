using System.CommandLine;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Checklists;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog checklist</c>: the document's change checklist, answered as far as anything can see it.</summary>
internal static class ChecklistCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "The migration or its entry: either's name, also without the migration's digits.",
        CompletionSources = { EntryArgument.Names },
    };

    private static readonly Option<string> Output = CreateOutput();

    public static Command Create(Shell shell)
    {
        Command command = new("checklist", """
            Answer the document's change checklist for one change.

            The points are the document's own. Those that nothing here can see are left open for a person. With --scratch, the
            migrations up to this one run in a new database on that server, which is dropped afterwards, and then this one's rollback:
            its down.sql, or the SQL that the entry gives.

            Examples:
              schemagate changelog checklist add_sites_model
              schemagate changelog checklist add_sites_model --scratch - < url.txt
              schemagate changelog checklist add_sites_model --output markdown

            Exit codes: 0; 1 a point is answered with no; 2 wrong usage; 3 the document, the migrations or the server could not be
            read.
            """)
        {
            Name, DocumentFile.Option, MigrationsOption.Option, DatabaseOptions.Tool, ScratchServer.Option, Output,
        };
        command.SetAction((arguments, cancellation) => DocumentRun.RunAsync(
            arguments, file => RunAsync(arguments, shell, file, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Shell shell, DocumentFile file, CancellationToken cancellation)
    {
        if (file.IsInput && arguments.GetValue(ScratchServer.Option) == "-")
        {
            throw new UsageException("Standard input cannot be both the document and the server's URL.");
        }

        string text = await file.ReadAsync(shell, cancellation);
        MigrationFiles files = MigrationsOption.ReadSound(arguments, file);
        Changelog changelog = ChangelogParser.Parse(text);
        string name = arguments.GetValue(Name)!;
        (ChangelogEntry? entry, string? problem) = EntryNames.Find(changelog.Entries, name);
        Migration? migration = Made(files.Set, entry?.Name ?? name);
        if (entry is null && migration is null)
        {
            return DocumentRun.Say(arguments, $"{file.Shown}: {problem}", ExitCodes.Blocked);
        }

        string? path = migration is null ? null : files.PathOf(migration);
        EntryAnswers own = new(entry ?? Of(changelog, migration!), path);
        FreshDatabase? trial = null;
        async Task<FreshDatabase> FreshAsync() => trial ??= await FreshDatabase.TryAsync(
            arguments, shell, files.Set, migration, new(
                changelog.Entries, wanted => Path.Combine(file.Root, files.Directory, wanted, "migration.sql")), cancellation);
        List<ChecklistAnswer> answers = [];
        foreach (ChecklistItem item in ChangeChecklist.Read(text))
        {
            (ChecklistState state, string says) = await SeenAsync(item.Kind, FreshAsync) ?? own.To(item.Kind)
                ?? await CommittedTogether.AskAsync(
                    file.Root, path, () => CommittedTogether.Touches(files.Set, migration!, shell.Time), shell.Time, cancellation);
            answers.Add(new(item, state, says));
        }

        ChecklistReport report = ChecklistReport.Of(entry?.Name ?? migration!.Name, answers);
        ChecklistPrinter.Print(arguments.GetValue(Output)!, report, shell, arguments.InvocationConfiguration.Output);
        return answers.Exists(answer => answer.State == ChecklistState.No) ? ExitCodes.Blocked : ExitCodes.Open;
    }

    /// <summary>What a run in a new database answers; null for what it does not.</summary>
    private static async Task<(ChecklistState State, string Says)?> SeenAsync(ChecklistKind kind, Func<Task<FreshDatabase>> fresh) =>
        kind switch
        {
            ChecklistKind.FreshDatabase => (await fresh()).Runs,
            ChecklistKind.Rollback => (await fresh()).GoesBack,
            _ => null,
        };

    /// <summary>An entry under another title that names the migration's file.</summary>
    private static ChangelogEntry? Of(Changelog changelog, Migration migration) => changelog.Entries.FirstOrDefault(
        entry => entry.Name == migration.Name || entry.MigrationFiles.Contains(migration.Name, StringComparer.Ordinal));

    private static Migration? Made(MigrationSet set, string name) =>
        set.Migrations.FirstOrDefault(migration => migration.Name == name)
        ?? (set.Migrations.Where(migration => ChangelogSteps.Slug(ChangelogSteps.Title(migration.Name)) == ChangelogSteps.Slug(name))
            .ToList() is [var only] ? only : null);

    private static Option<string> CreateOutput()
    {
        Option<string> option = new("--output", "-o") { Description = "For people or for programs.", DefaultValueFactory = _ => "text" };
        return option.AcceptOnlyFromAmong("text", "json", "markdown");
    }
}
