using System.Text.RegularExpressions;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>What edits mean for a document's entries, without any text: their order, and that of their fields, is left aside.</summary>
internal static partial class EditModel
{
    private static readonly string[] s_words = ["PENDING", "MIGRATED", "DEPLOYED"];

    /// <summary>Edits that a document may be asked for: of its entries, and a new one.</summary>
    public static IEnumerable<ChangelogEdit> Edits(Changelog changelog)
    {
        foreach (ChangelogStatus status in Enum.GetValues<ChangelogStatus>())
        {
            yield return new ChangelogEdit.AddEntry(status, "20250101000000_add_x", [FieldValue.Status(status), new("Description", "New")]);
            foreach (ChangelogEntry entry in changelog.Entries)
            {
                yield return new ChangelogEdit.MoveEntry(entry.Name, status);
                yield return new ChangelogEdit.SetStatus(entry.Name, status);
            }
        }

        yield return new ChangelogEdit.SetLastUpdated(new(2026, 1, 2));
        foreach (ChangelogEntry entry in changelog.Entries)
        {
            yield return new ChangelogEdit.RenameEntry(entry.Name, "20250101000000_renamed");
            yield return new ChangelogEdit.SetField(entry.Name, new("Date Deployed", "January 2, 2026"));
            yield return new ChangelogEdit.SetField(entry.Name, new("Description", "Another one"));
            yield return new ChangelogEdit.SetField(entry.Name, new("Changes", "", ["This", "That"]));
        }
    }

    public static IReadOnlyList<string> Signatures(Changelog changelog) => Sorted(changelog.Entries);

    public static IReadOnlyList<string> After(Changelog changelog, ChangelogEdit edit) => edit switch
    {
        ChangelogEdit.AddEntry add when changelog.Entries.All(entry => entry.Name != add.Name) =>
            Sorted([.. changelog.Entries, Added(add)]),
        ChangelogEdit.MoveEntry move => With(changelog, move.Name, entry => entry with
        {
            Section = move.Section,
            Status = States(entry) ? entry.Status : move.Section,
        }),
        ChangelogEdit.SetStatus set => With(changelog, set.Name, entry => Stated(entry, set.Status)),
        ChangelogEdit.RenameEntry rename => With(changelog, rename.Name, entry => entry with { Name = rename.NewName }),
        ChangelogEdit.SetField set => With(changelog, set.Name, entry => entry with
        {
            Fields = [.. entry.Fields.Where(field => !Is(field, set.Field.Label)), Field(set.Field, entry)],
        }),
        _ => Signatures(changelog),
    };

    /// <summary>All that a document says; labels and status words in one case.</summary>
    public static string Meaning(Changelog changelog) => string.Join('\n', changelog.Entries.Select(Signature))
        + string.Join('\n', changelog.Findings.Select(finding => $"{finding.Id} {finding.Migration}").Order(StringComparer.Ordinal));

    private static IReadOnlyList<string> With(Changelog changelog, string name, Func<ChangelogEntry, ChangelogEntry> edit) =>
        Sorted(changelog.Entries.Select(entry => entry.Name == name ? edit(entry) : entry));

    private static ChangelogEntry Added(ChangelogEdit.AddEntry add) => new(
        add.Name, add.Section, add.Section, default, [.. add.Fields.Select(field => new ChangelogField(
            field.Label, field.Text.Trim('`'), field.Items ?? [], default))]);

    private static ChangelogField Field(FieldValue value, ChangelogEntry entry)
    {
        ChangelogField? old = entry.Fields.FirstOrDefault(field => Is(field, value.Label));
        return new(old?.Label ?? value.Label, value.Text, value.Items ?? old?.Items ?? [], default);
    }

    private static ChangelogEntry Stated(ChangelogEntry entry, ChangelogStatus status)
    {
        if (entry.Section == status && !entry.Fields.Any(field => Is(field, "Status")))
        {
            return entry;
        }

        ChangelogField? old = entry.Fields.FirstOrDefault(field => Is(field, "Status"));
        return entry.Status == status && States(entry) ? entry : entry with
        {
            Status = status,
            Fields =
            [
                .. entry.Fields.Where(field => !Is(field, "Status")),
                new(old?.Label ?? "Status", Word(old?.Text ?? "", status), old?.Items ?? [], default),
            ],
        };
    }

    /// <summary>What stands around the word stays.</summary>
    private static string Word(string text, ChangelogStatus status) =>
        Letters().Match(text) is { Success: true } word && s_words.Contains(word.Value.ToUpperInvariant())
            ? text[..word.Index] + status + text[(word.Index + word.Length)..]
            : status.ToString();

    /// <summary>One of the three words comes first in the only Status, and no other of them follows.</summary>
    private static bool States(ChangelogEntry entry) =>
        entry.Fields.Where(field => Is(field, "Status")).ToList() is [var field]
        && Letters().Matches(field.Text).Select(word => word.Value.ToUpperInvariant()).ToList() is [var first, .. var others]
        && s_words.Contains(first) && !others.Exists(word => word != first && s_words.Contains(word));

    [GeneratedRegex(@"\p{L}+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Letters();

    private static bool Is(ChangelogField field, string label) => field.Label.Equals(label, StringComparison.OrdinalIgnoreCase);

    private static List<string> Sorted(IEnumerable<ChangelogEntry> entries) =>
        [.. entries.Select(Signature).Order(StringComparer.Ordinal)];

    /// <summary>With its status where there is one word for it: what several words, or none of the three, mean is the parser's.</summary>
    private static string Signature(ChangelogEntry entry) =>
        $"{entry.Section}/{(IsClear(entry) ? (ChangelogStatus?)entry.Status : null)} {entry.Name}\n"
        + string.Concat(entry.Fields.Select(Signature).Order(StringComparer.Ordinal));

    private static bool IsClear(ChangelogEntry entry) => States(entry) || !entry.Fields.Any(field => Is(field, "Status"));

    private static string Signature(ChangelogField field)
    {
        // Lines of a paragraph have no bullets below them: what would be items stands in the line.
        string text = string.Join("; ", field.Items.Prepend(field.Text).Where(part => part.Length > 0));
        return $"  {field.Label.ToUpperInvariant()}: {(Is(field, "Status") ? text.ToUpperInvariant() : text)}\n";
    }
}
