using System.Text.RegularExpressions;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

/// <summary>The same document as other people would have written it means the same.</summary>
public sealed partial class SeedVariantTests
{
    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.ExplicitCapture;
    private const int Patience = 10_000;
    private static readonly string s_meaning = ChangelogParser.Parse(Document.Seed).Meaning();

    public static TheoryData<string, Func<string, string>> Variants => new()
    {
        { "CRLF", text => text.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "lone CR", text => text.Replace('\n', '\r') },
        { "BOM", text => "\uFEFF" + text },
        { "trailing blanks", text => text.Replace("\n", "  \t\n", StringComparison.Ordinal) },
        { "plain bullets", text => text.Replace("**", "", StringComparison.Ordinal) },
        { "stars", text => Bullets().Replace(text, "${x}* ") },
        { "pluses", text => Bullets().Replace(text, "${x}+ ") },
        { "loose lists", text => Bullets().Replace(text, "\n${x}- ") },
        { "colon outside the bold", text => text.Replace(":** ", "**: ", StringComparison.Ordinal) },
        { "underscored bold", text => BoldLabels().Replace(text, "__${x}:__") },
        { "status without backticks", text => Statuses().Replace(text, "${x}") },
        { "status with an emoji", text => Statuses().Replace(text, "✅ ${x}") },
        { "labels with an emoji", text => text.Replace("**Status:", "🚦 **Status:", StringComparison.Ordinal) },
        { "label in lower case", text => text.Replace("**Status:", "**status:", StringComparison.Ordinal) },
        { "status in lower case, bold", text => Statuses().Replace(text, match => $"**{match.Groups["x"].Value.ToLowerInvariant()}**") },
        { "status with remarks", text => Statuses().Replace(text, "${x} (2024-12-24)") },
        { "linked headings", text => Entries().Replace(text, "### [${x}](../prisma/migrations/${x}/migration.sql)") },
        { "reference links", text => Entries().Replace(text, "### [${x}]") + References },
        { "code headings", text => Entries().Replace(text, "### `${x}`") },
        { "bold headings", text => Entries().Replace(text, "### **${x}**") },
        { "closed headings", text => Entries().Replace(text, "### ${x} ###") },
        { "headings with emoji", text => Entries().Replace(text, "### 🗃️ ${x} ✅") },
        { "deeper entries", text => Entries().Replace(text, "##### ${x}") },
        { "sections with emoji", text => Sections().Replace(text, "## ✅ ${x}") },
        { "sections in capitals", text => Sections().Replace(text, match => match.Value.ToUpperInvariant()) },
        { "linked sections", text => Sections().Replace(text, "## [${x}](#here)") },
        { "numbered sections", text => Sections().Replace(text, "## 1. ${x}") },
        { "underlined sections", text => Sections().Replace(text, "${x}\n---") },
        { "everything a level deeper", text => text.Replace("\n#", "\n##", StringComparison.Ordinal) },
        { "sections at level 1", text => text.Replace("\n## ", "\n# ", StringComparison.Ordinal) },
        { "nothing pending, said otherwise", text => Pending(text, "- N/A") },
        { "an empty Pending section", text => Pending(text, "") },
        { "a commented-out entry", text => Pending(text, "<!--\n### add_foo\n- **Status:** PENDING\n-->") },
        { "a second title", text => "Deployed things\n===\n\n" + text },
    };

    private const string References = "\n\n[20241224000000_add_sites_model]: a\n[20241224100000_add_cs_ai_usage_tables]: b\n"
        + "[00000000000000_init_baseline]: c\n";

    private static string Pending(string text, string said) => text.Replace("_None currently_", said, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variant_of_the_seed_means_the_same(string name, Func<string, string> vary)
    {
        string text = vary(Document.Seed);
        Assert.True(text != Document.Seed, name);
        string meaning = ChangelogParser.Parse(text).Meaning();
        Assert.Equal(s_meaning, Normalised(meaning), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Sections_in_another_order_mean_the_same()
    {
        string[] parts = Document.Seed.Split("\n---\n");
        (parts[2], parts[4]) = (parts[4], parts[2]);
        Changelog changelog = ChangelogParser.Parse(string.Join("\n---\n", parts));
        Assert.Equal("00000000000000_init_baseline", changelog.Entries[0].Name);
        Assert.Equal(
            (0, 2, 1),
            (changelog.Count(
                ChangelogStatus.Pending), changelog.Count(ChangelogStatus.Migrated), changelog.Count(ChangelogStatus.Deployed)));
        Assert.Empty(changelog.Findings);
    }

    [Fact]
    public void Line_ends_and_a_BOM_move_no_place()
    {
        string whole = ChangelogParser.Parse(Document.Seed).Whole();
        Assert.Equal(whole, ChangelogParser.Parse("\uFEFF" + Document.Seed.Replace("\n", "\r\n", StringComparison.Ordinal)).Whole());
    }

    /// <summary>The status may be written in other ways: its own text is as written.</summary>
    private static string Normalised(string meaning) => StatusFields().Replace(meaning, "  Status: MIGRATED\n");

    [GeneratedRegex(@"^(?<x> *)- ", Options, Patience)]
    private static partial Regex Bullets();

    [GeneratedRegex(@"\*\*(?<x>[A-Z][A-Za-z ]+):\*\*", Options, Patience)]
    private static partial Regex BoldLabels();

    [GeneratedRegex(@"(?<=Status:\*\* )`(?<x>[A-Z]+)`", Options, Patience)]
    private static partial Regex Statuses();

    [GeneratedRegex(@"^### (?<x>\d\S*)", Options, Patience)]
    private static partial Regex Entries();

    [GeneratedRegex(@"^## (?<x>(Pending|Migrated|Deployed).*)", Options, Patience)]
    private static partial Regex Sections();

    [GeneratedRegex(@"^  [Ss]tatus: .*\n", Options, Patience)]
    private static partial Regex StatusFields();
}
