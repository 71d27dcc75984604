using System.Collections.Frozen;

namespace SchemaGate.Core.Changelogs;

/// <summary>The three status words as people write them: any case, an emoji before, remarks behind.</summary>
internal static class StatusText
{
    private static readonly FrozenSet<string> s_elsewhere = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "staging", "stage", "dev", "development", "test", "testing", "qa", "uat", "preview", "sandbox",
        "local");

    private static readonly FrozenSet<string> s_limits = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "locally", "only", "partly", "partially", "except");

    private static readonly FrozenSet<string> s_denied = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "yet", "everywhere", "fully", "completely", "production", "prod", "live");

    private static readonly FrozenSet<string> s_between = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "to", "on", "in", "at", "the", "our", "all");

    /// <summary>The status that a text states, or null: the first word must be one of the three, and no other of them may follow.</summary>
    public static ChangelogStatus? Parse(string text)
    {
        ChangelogStatus? stated = null;
        foreach (Range word in Words.In(text))
        {
            ChangelogStatus? status = Status(text.AsSpan()[word]);
            if (stated is null ? status is null : status is not null && status != stated)
            {
                return null;
            }

            stated ??= status;
        }

        return stated;
    }

    /// <summary>
    /// The status that the first word names, or null. Digits and symbols before it do not count; an identifier is no word.
    /// </summary>
    public static ChangelogStatus? FirstWord(string text)
    {
        foreach (Range word in Words.In(text))
        {
            return Words.StandsAlone(text, word) ? Status(text.AsSpan()[word]) : null;
        }

        return null;
    }

    /// <summary>
    /// Whether a remark says that the status is not true of production, or not of all of it: a limit, a "not" of a place or a time,
    /// another place directly behind the status. "Tested on staging first" and "not reversible" say nothing of that.
    /// </summary>
    public static bool IsQualified(string text)
    {
        List<string> words = [.. Words.In(text).Select(word => text[word])];
        return words.Exists(s_limits.Contains)
            || (Next(words, words.FindIndex(word => Status(word) is not null)) is { } place && s_elsewhere.Contains(place))
            || Enumerable.Range(0, words.Count).Any(index => words[index].Equals("not", StringComparison.OrdinalIgnoreCase)
                && Next(words, index) is { } denied && s_denied.Contains(denied));
    }

    /// <summary>The word behind one, past prepositions and articles.</summary>
    private static string? Next(List<string> words, int index) => words.Skip(index + 1).FirstOrDefault(word => !s_between.Contains(word));

    /// <summary>Whether a text has this status as a word anywhere.</summary>
    public static bool Mentions(string text, ChangelogStatus status) =>
        Words.In(text).Any(word => Words.StandsAlone(text, word) && Status(text.AsSpan()[word]) == status);

    private static ChangelogStatus? Status(ReadOnlySpan<char> word) => word switch
    {
        _ when word.Equals("PENDING", StringComparison.OrdinalIgnoreCase) => ChangelogStatus.Pending,
        _ when word.Equals("MIGRATED", StringComparison.OrdinalIgnoreCase) => ChangelogStatus.Migrated,
        _ when word.Equals("DEPLOYED", StringComparison.OrdinalIgnoreCase) => ChangelogStatus.Deployed,
        _ => null,
    };
}
