using System.Collections.Frozen;

namespace SchemaGate.Core.Changelogs;

/// <summary>
/// What people write into an empty section: "None currently", "N/A", "No pending changes", "-". Every word must be known here: "No longer
/// nullable" and "None of these may be deployed" are changes.
/// </summary>
internal static class NoneText
{
    private static readonly FrozenSet<string> s_none = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "none", "nothing", "no", "n", "na", "nil", "empty", "zero");

    private static readonly FrozenSet<string> s_lead = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "currently", "there", "are", "is", "at", "the", "moment", "present", "right", "now", "this",
        "section");

    private static readonly FrozenSet<string> s_filler = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "as", "at", "are", "is", "of", "the", "this", "time", "moment", "present", "right", "now", "yet", "today", "currently", "here",
        "pending", "outstanding", "open", "schema", "database", "db", "change", "changes", "migration", "migrations", "entry", "entries",
        "item", "items", "to", "deploy", "migrate", "report", "left");

    public static bool IsNone(string text)
    {
        bool found = false;
        foreach (Range range in Words.In(text))
        {
            string word = text[range];
            bool isNone = !found && s_none.Contains(word);
            if (!isNone && !(found ? s_filler : s_lead).Contains(word))
            {
                return false;
            }

            found |= isNone;
        }

        return found || !text.Any(char.IsLetterOrDigit);
    }
}
