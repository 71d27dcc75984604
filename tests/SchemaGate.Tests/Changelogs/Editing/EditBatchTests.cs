using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;
using SchemaGate.Core.Changelogs.Syncing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>Many edits of one document, which are made of few readings of it.</summary>
public sealed class EditBatchTests
{
    private const string Deployed = "##### 20230101000000_x\n- x\n\n##### 20230102000000_x\n- x";
    private const string Newest = "##### 20230102000000_x\n- x\n\n##### 20230101000000_x\n- x";

    private static readonly string[] s_deployed =
    [
        Deployed, $"### January 2023\n\n{Deployed}", $"### January 2023\n\n{Deployed}\n\n### February 2024\n\n##### 20240203000000_x\n- x",
        $"### 2024-02\n\n##### 20240203000000_x\n- x\n\n### 2023-01\n\n{Newest}",
        $"### 2024-03\n\n##### 20240303000000_x\n- x\n\n### 2024-02\n\n##### 20240203000000_x\n- x\n\n### 2023-01\n\n{Newest}",
    ];

    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    private static readonly string[] s_between =
    [
        "\n\n", "\n\n---\n\n", "\n\n### December\n\n", "\n\n### November\n\n#### Week 1\n\n", "\n\n[a]: b\n\n", "\n\n<!-- x -->\n\n",
        "\n\n### October\n\n<!-- y -->\n\n", "\n\n---\n\nA note.\n\n",
    ];

    /// <summary>Deployed has two already, whose order and gap are the habit, whatever is left elsewhere meanwhile.</summary>
    [Fact]
    public void Edits_at_once_write_what_they_write_one_by_one()
    {
        int edited = 0;
        Check.One(s_config, Prop.ForAll(Cases().ToArbitrary(), one =>
        {
            string? byOne = one.Edits.Aggregate((string?)one.Text, (text, edit) =>
                text is not null && ChangelogEditor.Apply(text, edit) is EditOutcome.Edited made ? made.Text : null);
            EditOutcome atOnce = ChangelogEditor.Apply(one.Text, one.Edits);
            Assert.Equal(byOne, (atOnce as EditOutcome.Edited)?.Text);
            edited += byOne is null ? 0 : 1;
        }));
        Assert.InRange(edited, 200, 1_000);
    }

    [Fact]
    public void Those_of_the_newest_first_stay_so_in_a_section_that_was_empty()
    {
        const string Entries = "### 20240103000000_c\n- x\n\n### 20240102000000_b\n- x\n\n### 20240101000000_a\n- x";
        string text = Document.Of(migrated: Entries);
        var edits = ChangelogParser.Parse(text).Entries.Select(entry => new ChangelogEdit.MoveEntry(entry.Name, ChangelogStatus.Deployed));
        Assert.Equal(
            Document.Of(migrated: "_None currently_", deployed: $"{Entries}\n\n"),
            Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(text, [.. edits])).Text);
    }

    [Theory]
    [InlineData("_None currently_")]
    [InlineData("### December 2023\n\n#### 20231201000000_x\n- x")]
    [InlineData("### 2024-12\n\n#### 20241201000000_x\n- x\n\n### 2024-02\n\n#### 20240201000000_x\n- x")]
    public void What_five_hundred_entries_have_missed_takes_ten_times_that_of_fifty(string deployed)
    {
        long Allocated(int count)
        {
            string[] names = [.. Enumerable.Range(0, count).Select(number => $"2024{1 + (number % 12):D2}{number:D8}_x")];
            string text = Document.Of(deployed: deployed, migrated: string.Concat(names.Select(
                name => $"### {name}\n- **Status:** `MIGRATED`\n- **Date Added:** December 24, 2024\n- **Changes:**\n  - a\n  - b\n\n")));
            long before = GC.GetAllocatedBytesForCurrentThread();
            AppliedSet has = new(
                names.ToDictionary(name => name, _ => (DateOnly?)new DateOnly(2025, 1, 2), StringComparer.Ordinal),
                new Dictionary<string, string>(StringComparer.Ordinal));
            SyncPlan plan = SyncPlan.Of(
                ChangelogParser.Parse(text), names, [new("staging", IsProduction: false, has), new("production", IsProduction: true, has)]);
            Assert.Equal(4 * count, plan.Edits.Count);
            string edited = Assert.IsType<EditOutcome.Edited>(ChangelogEditor.Apply(text, plan.Edits)).Text;
            Assert.Equal(count, edited.Split("- **Date Deployed:** January 2, 2025\n").Length - 1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        Assert.InRange(Allocated(500), 1, 15 * Allocated(50));
    }

    private static Gen<(string Text, ChangelogEdit[] Edits)> Cases() =>
        from between in Gen.Elements(s_between).ListOf(6)
        from chosen in Gen.Choose(0, 9).ListOf(6)
        from deployed in Gen.Elements(s_deployed)
        select Case([.. between], [.. chosen], deployed);

    private static (string Text, ChangelogEdit[] Edits) Case(string[] between, int[] chosen, string deployed)
    {
        var entries = between.Index().Select(gap => $"{gap.Item}##### {Name(gap.Index)}\n- **Status:** `MIGRATED`\n- x");
        IEnumerable<ChangelogEdit> edits = chosen.Index().SelectMany(choice => Edits(Name(choice.Index), choice.Item));
        return (Document.Of(migrated: string.Concat(entries).Trim(), deployed: deployed), [.. edits]);
    }

    /// <summary>Of three months, by turns.</summary>
    private static string Name(int index) => $"20240{1 + (index % 3)}0{1 + index}000000_x";

    private static IEnumerable<ChangelogEdit> Edits(string name, int choice)
    {
        if (choice < 8)
        {
            yield return new ChangelogEdit.MoveEntry(name, ChangelogStatus.Deployed);
            yield return new ChangelogEdit.SetStatus(name, ChangelogStatus.Deployed);
        }

        if (choice % 2 == 0)
        {
            yield return new ChangelogEdit.SetField(name, new("Date Deployed", "January 2, 2026"));
            yield return new ChangelogEdit.SetField(name, new("Date Deployed (staging)", "January 1, 2026"));
        }
    }
}
