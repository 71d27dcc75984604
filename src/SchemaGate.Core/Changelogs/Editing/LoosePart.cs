using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace SchemaGate.Core.Changelogs.Editing;

/// <summary>What stands below an entry and is not its own.</summary>
internal static partial class LoosePart
{
    /// <summary>
    /// How many blocks stand before a rule that has a note behind it; all where there is none. Bullets and code behind a rule are the
    /// entry's, and so is whatever an entry has that begins with a rule.
    /// </summary>
    public static int NoteStart(IReadOnlyList<Block> blocks)
    {
        int note = blocks.Count;
        for (int index = blocks.Count - 1; index > 0 && blocks[index] is not (HeadingBlock or ListBlock or CodeBlock); index--)
        {
            note = blocks[index] is ThematicBreakBlock && blocks[index - 1] is not HeadingBlock ? index : note;
        }

        return note;
    }

    /// <summary>Whether a block is a comment, an anchor, or ends an element that none of the blocks before it begins.</summary>
    public static bool Is(IReadOnlyList<Block> blocks, int index)
    {
        if (blocks[index] is not (HtmlBlock or ParagraphBlock { Lines.Count: 1 }))
        {
            return false;
        }

        string text = MarkdownBlocks.Text((LeafBlock)blocks[index]).Trim();
        if (blocks[index] is HtmlBlock { Type: HtmlBlockType.Comment })
        {
            return text.IndexOf("-->", StringComparison.Ordinal) == text.Length - "-->".Length;
        }

        Match end = End().Match(text);
        return end.Success
            ? !blocks.Take(index).OfType<HtmlBlock>().Any(
                other => MarkdownBlocks.Text(other).Contains('<' + end.Groups["name"].Value, StringComparison.OrdinalIgnoreCase))
            : Anchor().IsMatch(text);
    }

    [GeneratedRegex(@"^</(?<name>[A-Za-z][A-Za-z0-9-]*)\s*>$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex End();

    [GeneratedRegex(@"^<a\s[^<>]*>(?:\s*</a>)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anchor();
}
