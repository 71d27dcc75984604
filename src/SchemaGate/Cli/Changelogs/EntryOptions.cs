using System.CommandLine;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The options that say what stands in an entry.</summary>
internal static class EntryOptions
{
    private static readonly Option<string?> Title = new("--title", "--name")
    {
        HelpName = "TITLE",
        Description = "The entry's heading: what the migration will be called.",
    };

    private static readonly Option<string?> Description = Line("--description", "What changes, in one line.");
    private static readonly Option<string[]> Changes = Lines("--change", "One thing that changes; may be repeated.");

    private static readonly Option<string?> Risk = CreateRisk();

    private static readonly Option<string?> Rollback = Line("--rollback", "How the change is undone.");
    private static readonly Option<string[]> Notes = Lines("--note", "One thing to know in production; may be repeated.");

    public static IReadOnlyList<Option> All { get; } = [Title, Description, Changes, Risk, Rollback, Notes];

    public static WrittenEntry Read(ParseResult arguments) => new(
        arguments.GetValue(Title)?.Trim() ?? "", arguments.GetValue(Description) ?? "", arguments.GetValue(Changes) ?? [],
        arguments.GetValue(Risk) ?? "", arguments.GetValue(Rollback) ?? "")
    {
        Notes = arguments.GetValue(Notes) ?? [],
    };

    private static Option<string?> Line(string name, string description) => new(name) { HelpName = "TEXT", Description = description };

    private static Option<string[]> Lines(string name, string description) => new(name) { HelpName = "TEXT", Description = description };

    private static Option<string?> CreateRisk()
    {
        Option<string?> risk = Line("--risk", "Low, Medium, High or Critical; a remark may follow.");
        risk.Validators.Add(result =>
        {
            if (RiskText.Parse(result.GetValueOrDefault<string?>() ?? "") is null)
            {
                result.AddError("--risk begins with Low, Medium, High or Critical.");
            }
        });
        return risk;
    }
}
