using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>What somebody says about a change that is pending. Empty is not said.</summary>
internal sealed record WrittenEntry(string Title, string Description, IReadOnlyList<string> Changes, string Risk, string Rollback)
{
    /// <summary>The draft's, which nobody may leave as it is.</summary>
    private const string NoTitle = "title_of_the_change";

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>With the fields that something is said of.</summary>
    public ChangelogEdit.AddEntry Add(string today) => new(ChangelogStatus.Pending, Title, [.. Fields(today).Where(HasContent)]);

    /// <summary>With all fields, for somebody to fill.</summary>
    public ChangelogEdit.AddEntry Whole(string today) =>
        new(ChangelogStatus.Pending, Title.Length == 0 ? NoTitle : Title, [.. Fields(today)]);

    private FieldValue[] Fields(string today) =>
    [
        FieldValue.Status(ChangelogStatus.Pending), new("Date Added", today), new("Description", Description), new("Changes", "", Changes),
        new("Risk Level", Risk), new("Rollback", Rollback), new("Production Notes", "", Notes),
    ];

    private static bool HasContent(FieldValue field) => field.Text.Length > 0 || field.Items is { Count: > 0 };
}
