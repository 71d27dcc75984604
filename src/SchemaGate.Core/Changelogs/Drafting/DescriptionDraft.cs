using System.Text.RegularExpressions;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>A description from a migration's name: the words that its author gave it.</summary>
internal static partial class DescriptionDraft
{
    public static FieldValue Of(string name)
    {
        // A Liquibase change set is called path::id::author, a Django migration app.0001_words.
        string own = name.Split("::") is [_, var id, _] ? id : name;
        string words = Spaces().Replace(Humps().Replace(Numbers().Replace(own, ""), "${before} ${after}"), " ").Trim();
        string text = words.Any(char.IsLetter) ? words.ToLowerInvariant() : $"Migration {own}";
        return new("Description", Marked.Plain($"{char.ToUpperInvariant(text[0])}{text[1..]}"));
    }

    /// <summary>What tools put before the words: a time, a number, Flyway's V and R, an application's name with its number.</summary>
    [GeneratedRegex(@"^(?:[\w-]+\.)?(?:[VR][\d._]*__|[Vv]?\d+[\d._-]*)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?<before>[a-z\d])(?<after>[A-Z])", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Humps();

    [GeneratedRegex(@"[_\s.-]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
