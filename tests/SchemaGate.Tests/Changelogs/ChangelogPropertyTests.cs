using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Changelogs;

namespace SchemaGate.Tests.Changelogs;

public sealed class ChangelogPropertyTests
{
    private static readonly string[] s_pieces =
    [
        "\n", "\r", "\r\n", "\n\n", "# ", "## ", "### ", "#### ", "## Pending\n", "## Migrated\n", "## Deployed\n", "- ", "  - ", "* ",
        "1. ", "**Status:** ", "Status: ", "PENDING", "MIGRATED", "DEPLOYED", "`", "```\n", "<!-- ", " -->", "> ", "---\n", "===\n", "[",
        "](", ")", "**", "_", "\t", "    ", "<b>", "&amp;", "\\", "\0", "\uFEFF", "\ud83d", "✅", "None", "2024_x", ":", "[x]: y\n",
        "<details>\n",
    ];

    private static readonly string[] s_statuses = ["PENDING", "MIGRATED", "DEPLOYED"];
    private static readonly string[] s_unseen = ["<b>", "<details>", "&amp;"];
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        Gen<string> texts = Gen.Elements(s_pieces).ListOf().Select(string.Concat);
        Check.One(s_config, Prop.ForAll(texts.ToArbitrary(), text => ChangelogParser.Parse(text).Findings is not null));
        Check.One(s_config, Prop.ForAll<string>(text => ChangelogParser.Parse(text ?? "").Blocking().Length > 0));
    }

    [Fact]
    public void No_mutation_of_the_seed_makes_the_parser_throw() => Check.One(s_config, Prop.ForAll(Mutations().ToArbitrary(), text =>
    {
        Changelog changelog = ChangelogParser.Parse(text);
        int lines = text.Count(symbol => symbol is '\n' or '\r') + 1;
        return changelog.Findings.All(finding => finding.Span is { Line: > 0, Column: > 0, Length: >= 0 } span && span.Line <= lines);
    }));

    [Fact]
    public void White_space_at_line_ends_changes_nothing()
    {
        string whole = ChangelogParser.Parse(Document.Seed).Whole();
        string[] lines = Document.Seed.Split('\n');
        Gen<string> texts = Gen.Elements("", "", " ", "  ", "\t", " \t ").ArrayOf(lines.Length)
            .Select(ends => string.Join('\n', lines.Zip(ends, string.Concat)));
        Check.One(s_config, Prop.ForAll(texts.ToArbitrary(), text => ChangelogParser.Parse(text).Whole() == whole));
    }

    [Fact]
    public void A_document_without_a_section_heading_always_blocks() => Check.One(s_config, Prop.ForAll(Mutations().ToArbitrary(), text =>
    {
        // A tag or an entity in the middle of a word leaves it the word that a reader sees.
        string Letters(string line) =>
            string.Concat(s_unseen.Aggregate(line, (seen, piece) => seen.Replace(piece, "", StringComparison.Ordinal)).Where(char.IsLetter))
                .ToUpperInvariant();
        var lines = text.Split('\n', '\r').Where(line => !s_statuses.Any(Letters(line).Contains));
        return ChangelogParser.Parse(string.Join('\n', lines)).Blocking().Length > 0;
    }));

    /// <summary>The seed with a few pieces cut out and others put in.</summary>
    private static Gen<string> Mutations()
    {
        Gen<(int At, int Length, string Piece)> edit =
            from at in Gen.Choose(0, Document.Seed.Length)
            from length in Gen.Choose(0, 40)
            from piece in Gen.Elements(s_pieces)
            select (at, length, piece);
        return edit.NonEmptyListOf().Select(edits => edits.Aggregate(Document.Seed, (text, next) =>
        {
            int at = Math.Min(next.At, text.Length);
            return text.Remove(at, Math.Min(next.Length, text.Length - at)).Insert(at, next.Piece);
        }));
    }
}
