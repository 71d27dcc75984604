using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>What holds of any document and any edit: compared with <see cref="EditModel"/>, which knows nothing of places.</summary>
public sealed class EditPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly string[] s_pieces =
    [
        "\n", "\r", "\r\n", "\n\n", "## ", "### ", "#### ", "## Pending\n", "## Migrated\n", "## Deployed\n", "- ", "  - ", "* ", "1. ",
        "**Status:** ", "PENDING", "`", "```\n", "<!-- ", " -->", "> ", "\n---\n", "===\n", "[", "](", "**", "_", "\t", "    ", "<b>", "\\",
        "\uFEFF", "\ud83d", "_None_\n", "\n### 2024_x\n- **Status:** MIGRATED\n- Risk: Low\n\n", "  \n", "- **Changes:**\n  - x\n",
    ];

    [Fact]
    public void An_edit_of_any_document_does_what_it_means_and_nothing_else()
    {
        int edited = 0;
        int tried = 0;
        Check.One(s_config, Prop.ForAll(Cases(Mutations()).ToArbitrary(), one =>
        {
            tried++;
            edited += Judge(one.Text, one.Edit) ? 1 : 0;
        }));
        Assert.True(edited > tried / 4, $"{edited} of {tried} were edited");
    }

    /// <summary>The seed as other people write it: nothing of it is too strange to be edited.</summary>
    [Theory]
    [MemberData(nameof(SeedVariantTests.Variants), MemberType = typeof(SeedVariantTests))]
    public void An_edit_of_a_variant_of_the_seed_is_made(string name, Func<string, string> vary)
    {
        string text = vary(Document.Seed);
        foreach (ChangelogEdit edit in EditModel.Edits(ChangelogParser.Parse(text)))
        {
            Assert.True(Judge(text, edit) || edit is ChangelogEdit.AddEntry, $"{name}: {edit}: {ChangelogEditor.Apply(text, edit)}");
        }
    }

    [Fact]
    public void Formatting_any_document_changes_no_meaning_and_twice_is_once() =>
        Check.One(s_config, Prop.ForAll(Mutations().ToArbitrary(), text =>
        {
            if (ChangelogFormatter.Format(text) is EditOutcome.Edited { Text: var once })
            {
                Assert.Equal(EditModel.Meaning(ChangelogParser.Parse(text)), EditModel.Meaning(ChangelogParser.Parse(once)));
                Assert.Equal(once, Assert.IsType<EditOutcome.Edited>(ChangelogFormatter.Format(once)).Text);
            }
        }));

    [Theory]
    [MemberData(nameof(SeedVariantTests.Variants), MemberType = typeof(SeedVariantTests))]
    public void Formatting_a_variant_of_the_seed_twice_is_formatting_it_once(string name, Func<string, string> vary)
    {
        string once = Assert.IsType<EditOutcome.Edited>(ChangelogFormatter.Format(vary(Document.Seed))).Text;
        Assert.True(once == Assert.IsType<EditOutcome.Edited>(ChangelogFormatter.Format(once)).Text, name);
    }

    /// <returns>Whether the edit was made.</returns>
    private static bool Judge(string text, ChangelogEdit edit)
    {
        if (ChangelogEditor.Apply(text, edit) is not EditOutcome.Edited { Text: var edited, Changes: var changes })
        {
            return false;
        }

        Outside(text, edited, changes);
        Assert.Equal(EditModel.After(ChangelogParser.Parse(text), edit), EditModel.Signatures(ChangelogParser.Parse(edited)));
        EditOutcome.Edited again = Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(edited, edit));
        Assert.Empty(again.Changes);
        Assert.Equal(edited, again.Text);
        return true;
    }

    /// <summary>What stands between the reported places is the same, and the places do not overlap.</summary>
    private static void Outside(string before, string after, IReadOnlyList<TextChange> changes)
    {
        (int old, int @new) = (0, 0);
        foreach (TextChange change in changes)
        {
            Assert.True(change.Start >= old);
            Assert.Equal(before[old..change.Start], after.Substring(@new, change.Start - old));
            Assert.Equal(change.Text, after.Substring(@new + change.Start - old, change.Text.Length));
            @new += change.Start - old + change.Text.Length;
            old = change.Start + change.Length;
        }

        Assert.Equal(before[old..], after[@new..]);
    }

    private static Gen<(string Text, ChangelogEdit Edit)> Cases(Gen<string> texts) =>
        from text in texts
        from edit in Gen.Elements(EditModel.Edits(ChangelogParser.Parse(text)).ToArray())
        select (text, edit);

    /// <summary>A variant of the seed with a few pieces cut out and others put in.</summary>
    private static Gen<string> Mutations()
    {
        string[] variants = [.. SeedVariantTests.Variants.Select(row => row.Data.Item2(Document.Seed)), Document.Seed];
        Gen<(int At, int Length, string Piece)> cut =
            from at in Gen.Choose(0, Document.Seed.Length / 2)
            from length in Gen.Choose(0, 30)
            from piece in Gen.Elements(s_pieces)
            select (at, length, piece);
        return from variant in Gen.Elements(variants)
               from cuts in cut.ListOf().Resize(6)
               select cuts.Aggregate(variant, (text, next) =>
               {
                   int at = Math.Min(next.At, text.Length);
                   return text.Remove(at, Math.Min(next.Length, text.Length - at)).Insert(at, next.Piece);
               });
    }
}
