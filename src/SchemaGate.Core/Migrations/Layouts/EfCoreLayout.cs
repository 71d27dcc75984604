using System.Text.RegularExpressions;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Entity Framework Core's <c>20240101120000_Name.cs</c>; the MigrationId is the file's name
/// (https://learn.microsoft.com/ef/core/managing-schemas/migrations).
/// </summary>
internal sealed partial class EfCoreLayout : MigrationLayout
{
    private const int StampLength = 14;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    public override MigrationTool Tool => MigrationTool.EfCore;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => Id(file) is not null);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        HashSet<string> ids = files.Select(Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (LayoutFile file in files.Where(file => file.EndsWith(".cs")))
        {
            string code = Comment().Replace(file.Text, match => match.Groups["text"].Value);
            foreach (string id in Attribute().Matches(code).Select(match => match.Groups["id"].Value).Where(id => !ids.Contains(id)))
            {
                problems.Add(Among(file, $"is about {Printable(id)}, of which there is no file {Printable(id)}.cs: restore or rename it"));
            }

            if (Id(file) is null && !file.EndsWith(".Designer.cs") && Declares(code) && !Attribute().IsMatch(code))
            {
                problems.Add(Among(file, "is not called as those are (`20240101120000_Name.cs`): rename it"));
            }
        }

        return files.Select(Id).OfType<string>()
            .Select(id => new Migration(id, "", MigrationChecksum.None) { Unjudged = "it is written in C#" })
            .OrderBy(migration => migration.Key, StringComparer.Ordinal);
    }

    public override string KeyOf(string name) => name;

    /// <summary>A comment, or a text, which stays.</summary>
    [GeneratedRegex(@"//[^\n]*|/\*(?s:.*?)\*/|(?<text>""(?:\\.|[^""\\\n])*"")", Options)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\[\s*(?:[\w.]+\.)?Migration(?:Attribute)?\s*\(\s*@?""(?<id>[^""\n]*)""", Options)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"(?<modifiers>(?:\b\w+\s+)*)\bclass\s+\w+\s*:\s*[\w.]*Migration\b", Options)]
    private static partial Regex Declaration();

    /// <summary>A base class of migrations is none itself.</summary>
    private static bool Declares(string code) => Declaration().Matches(code)
        .Any(match => !match.Groups["modifiers"].Value.Split((char[]?)null).Contains("abstract", StringComparer.Ordinal));

    private static string? Id(LayoutFile file) =>
        !file.EndsWith(".Designer.cs") && file.Stem(".cs") is { Length: > StampLength } id && id[StampLength] == '_'
        && id.AsSpan(0, StampLength).IndexOfAnyExceptInRange('0', '9') < 0
            ? id
            : null;
}
