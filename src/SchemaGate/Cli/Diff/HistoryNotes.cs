using SchemaGate.Core.Changelogs.Syncing;

namespace SchemaGate.Cli.Diff;

/// <summary>Where files and history disagree: what they differ in is told as drift, and is none of a person's hand.</summary>
internal static class HistoryNotes
{
    private const int MostNamed = 5;

    public static IReadOnlyList<string> Of(AppliedSet applied) =>
    [
        .. applied.Doubtful.Where(pair => applied.Edited.Contains(pair.Key)).Select(pair =>
            $"{pair.Key} was edited after it had been applied: the file as it is now is taken."),
        .. applied.Doubtful.Where(pair => !applied.Edited.Contains(pair.Key)).Select(pair =>
            $"{pair.Key} is left out: {pair.Value}. What of it is in the database is told as a difference."),
        .. Beyond(applied),
    ];

    private static IEnumerable<string> Beyond(AppliedSet applied) => applied.Beyond switch
    {
        [] => [],
        var names =>
        [
            $"The database has applied {names.Count} that are not among these migrations ({string.Join(", ", names.Take(MostNamed))}"
                + $"{(names.Count > MostNamed ? ", …" : "")}): what they made is told as a difference. Take the checkout that has them.",
        ],
    };
}
