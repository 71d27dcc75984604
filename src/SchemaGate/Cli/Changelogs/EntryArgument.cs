using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The one entry that a command is about.</summary>
internal static class EntryArgument
{
    public static Argument<string> Argument { get; } = new("NAME")
    {
        HelpName = "NAME",
        Description = "The entry: its heading, or what follows the digits of a migration's name.",
        CompletionSources = { Names },
    };

    /// <summary>The entry, or why there is none.</summary>
    public static (ChangelogEntry? Entry, string? Problem) Find(ParseResult arguments, Changelog changelog) =>
        EntryNames.Find(changelog.Entries, arguments.GetValue(Argument)!);

    /// <summary>The names of the document that the command line names. Whatever is wrong is nobody's business while they type.</summary>
    public static IEnumerable<CompletionItem> Names(CompletionContext context)
    {
        string? path = context.ParseResult.GetResult(DocumentFile.Option) is { Tokens: [var word] }
            ? word.Value
            : ChangelogSource.DefaultDocuments.FirstOrDefault(File.Exists);
        return path is null or "-" ? [] : ChangelogParser.Parse(File.ReadAllText(path, Encoding.UTF8)).Entries
            .Select(entry => new CompletionItem(entry.Name));
    }
}
