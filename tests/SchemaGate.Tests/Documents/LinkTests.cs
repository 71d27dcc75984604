using System.Text.RegularExpressions;

namespace SchemaGate.Tests.Documents;

/// <summary>What the documents link to in the checkout is there, with the heading that they name.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] s_folders = ["src", "tests", "config", "charts", "docs"];

    public static TheoryData<string> Pages => [.. s_folders.Select(folder => Path.Combine(Repository.Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories))
        .Where(page => !IsMade().IsMatch(page))
        .Append(Path.Combine(Repository.Root, "README.md"))
        .Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_link_leads_somewhere(string page)
    {
        string path = Path.Combine(Repository.Root, page);
        string text = Code().Replace(File.ReadAllText(path), "");
        Assert.All(Link().Matches(text).Select(match => match.Groups["to"].Value), link =>
        {
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, parts[0]));
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{page}: {link} is not there");
            if (parts.Length == 2 && target.EndsWith(".md", StringComparison.Ordinal))
            {
                Assert.Contains(
                    parts[1], Heading().Matches(File.ReadAllText(target)).Select(match => Anchor(match.Groups["title"].Value)),
                    StringComparer.Ordinal);
            }
        });
    }

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string Anchor(string title) =>
        Left().Replace(title.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"[\\/](?:bin|obj|node_modules|scenarios|[Cc]orpus)[\\/]", RegexOptions.None, 1000)]
    private static partial Regex IsMade();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<to>(?!https?:|mailto:)[^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<title>.+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex Left();
}
