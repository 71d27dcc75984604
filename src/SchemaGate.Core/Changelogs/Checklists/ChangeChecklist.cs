using System.Text.RegularExpressions;

namespace SchemaGate.Core.Changelogs.Checklists;

/// <summary>A document's change checklist: the task list below the heading that says so.</summary>
public static partial class ChangeChecklist
{
    /// <summary>The format's own.</summary>
    private static readonly string[] s_usual =
    [
        "Document change in this file", "Create migration with `npx prisma migrate dev --name <description>`",
        "Test migration on fresh database", "Test rollback procedure", "Update status in this file",
        "Commit schema.prisma + migration together", "Update CLAUDE.md if needed",
    ];

    /// <summary>
    /// The first beginnings of words that tell what is meant, in the order in which they are asked: what is to be rolled back in a new
    /// database is not answered by a run there.
    /// </summary>
    private static readonly (string[] Words, ChecklistKind Kind)[] s_kinds =
    [
        (["rollback|roll back|rolled back|rolls back|rolling back"], ChecklistKind.Rollback),
        (["fresh|new|empty|scratch", "database"], ChecklistKind.FreshDatabase),
        (["fresh|new|empty|scratch", "test", "migration"], ChecklistKind.FreshDatabase), (["commit", "migration"], ChecklistKind.Committed),
        (["status", "update"], ChecklistKind.StatusUpdated), (["status", "set"], ChecklistKind.StatusUpdated),
        (["create", "migration"], ChecklistKind.MigrationMade), (["migration file"], ChecklistKind.MigrationMade),
        (["document", "change"], ChecklistKind.Documented), (["add", "entry"], ChecklistKind.Documented),
    ];

    /// <summary>The points in the document's order; the usual ones where it has none.</summary>
    public static IReadOnlyList<ChecklistItem> Read(string document)
    {
        ArgumentNullException.ThrowIfNull(document);
        List<ChecklistItem> items = [];
        (bool isInside, string? fence) = (false, null);
        foreach ((int index, string line) in document.ReplaceLineEndings("\n").Split('\n').Index())
        {
            Match mark = Fence().Match(line);
            if (mark.Success)
            {
                fence = Next(fence, mark.Groups["marks"].Value);
            }
            else if (fence is null && Heading().IsMatch(line))
            {
                isInside = items.Count == 0 && line.Contains("checklist", StringComparison.OrdinalIgnoreCase);
            }
            else if (fence is null && isInside && Task().Match(line) is { Success: true } task)
            {
                string text = task.Groups["text"].Value.Trim();
                items.Add(new(text, KindOf(text), index + 1));
            }
        }

        return items.Count > 0 ? items : [.. s_usual.Select(text => new ChecklistItem(text, KindOf(text), 0))];
    }

    /// <summary>The fence that is open behind a line of marks.</summary>
    private static string? Next(string? open, string marks)
    {
        bool closes = open is not null && marks.StartsWith(open, StringComparison.Ordinal);
        return closes ? null : open ?? marks;
    }

    private static ChecklistKind KindOf(string text) => s_kinds
        .FirstOrDefault(kind => kind.Words.All(words => words.Split('|').Any(word => HasWord(text, word)))).Kind;

    private static bool HasWord(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        while (at > 0 && char.IsLetterOrDigit(text[at - 1]))
        {
            at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase);
        }

        return at >= 0;
    }

    [GeneratedRegex("^ {0,3}(?<marks>`{3,}|~{3,})", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}#{1,6}\s", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s+(?<text>.+)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Task();
}
