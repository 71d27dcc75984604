using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Documents;

/// <summary>The commands that the documents show, against tests/commands.yaml, which says what runs each.</summary>
public sealed class CommandTests
{
    private static readonly JsonNode[] s_known =
        [.. Yaml.ToJson(Yaml.Load(Path.Combine(Repository.Root, "tests/commands.yaml")))!.AsArray().OfType<JsonNode>()];

    public static TheoryData<string> Named => [.. s_known.Where(one => one["by"] is not null).Select(one => one["command"]!.ToString())];

    [Fact]
    public void Every_command_of_the_documents_is_run_or_says_why_not()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md"));
        string[] shown = [.. pages.SelectMany(page => Commands(File.ReadAllLines(page))).Distinct(StringComparer.Ordinal)];
        Assert.True(shown.Length > 40);
        Assert.Equal(
            shown.Order(StringComparer.Ordinal), s_known.Select(one => one["command"]!.ToString()).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Each_is_run_here_or_there_or_not_at_all() => Assert.All(s_known, one => Assert.Single(
        (string[])["exit", "by", "why"], field => one[field] is not null));

    [Theory]
    [MemberData(nameof(Named))]
    public void What_is_said_to_run_it_does(string command)
    {
        JsonNode one = s_known.Single(one => one["command"]!.ToString() == command);
        Assert.Contains(
            one["says"]!.ToString(), File.ReadAllText(Path.Combine(Repository.Root, one["by"]!.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_s_lines_are_commands_without_their_comments_and_continued_where_they_say_so() => Assert.Equal(
        ["a b", "d e f"],
        Commands([
            "text", "", "    a b   # why, and what's more", "    d \\", "      e f",
            "", "- item", "    of the item", "```", "", "    g", "```",
        ]),
        StringComparer.Ordinal);

    /// <summary>The lines of blocks that are indented, as Markdown has it: after an empty line, and not within a fence.</summary>
    private static IEnumerable<string> Commands(string[] lines)
    {
        bool isFenced = false, isBlock = false;
        string before = "", begun = "";
        foreach (string line in lines)
        {
            isFenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isBlock = !isFenced && line.StartsWith("    ", StringComparison.Ordinal) && (isBlock || before.Length == 0);
            before = line.Trim();
            if (!isBlock)
            {
                continue;
            }

            string text = $"{begun} {before}".Trim();
            begun = text.EndsWith('\\') ? text[..^1].Trim() : "";
            if (begun.Length == 0)
            {
                // A comment stands apart: no command here has two spaces before a # of its own.
                yield return text.Split("  # ", 2)[0].Trim();
            }
        }
    }
}
