using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Risk;
using static SchemaGate.Core.Gates.GateConditions;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What conditions say where no rule has found anything, and what is added to what a rule has found.</summary>
internal static class ConditionWords
{
    public const string NotRead = "What this rests on could not be read.";

    public static string Open(Judgement judgement) => judgement is { Required: { } required, History: not null }
        ? Phrases.AllApplied(required.Count)
        : "Nothing closes the gate; no database was asked.";

    /// <summary>What passes for applied and is not whole, whatever the verdict is; empty, or sentences to add.</summary>
    public static string InvalidIndexes(DatabaseState? state) =>
        string.Concat(InvalidIndex.Sentences(state?.InvalidIndexes ?? []).Select(sentence => $" {sentence}"));

    public static string StaysOpen(GateCondition witness) =>
        $"Open as decided before; now {witness.Type} is {witness.Status}. {witness.Message}";

    public static string UnreadSince(GateCondition condition) =>
        $"{condition.Message} Not readable since {Phrases.Time(condition.Since)}.";

    public static string Opened(Override opened) => Phrases.Bounded(
        $"{opened.By} opened this gate for {opened.Requires} until {Phrases.Time(opened.Until)}, whatever closes it: {opened.Reason}");

    /// <summary>
    /// What holds, in words: a condition's message is never empty, which some servers refuse. And what is worth mending although it
    /// closes nothing: information by kind, so that ten notes are one sentence.
    /// </summary>
    public static string Holds(string type, Judgement judgement) => type switch
    {
        ChangelogResolved => "The image has been read.",
        ChangelogConsistent => Notes(judgement.Findings) ?? "The document agrees with the migrations.",
        DatabaseReachable => "The database answers.",
        HistoryConsistent => "The history agrees with the migrations." + Phrases.Squashed(judgement.Squashed),
        Rehearsed => RehearsalWords.Passed(judgement),
        RunningCodeSurvives => RehearsalWords.Survives(judgement),
        RiskAccepted => Phrases.Bounded(Risks(judgement.PendingRisks ?? []) ?? "No entry states less risk than its SQL has."),
        SchemaInSync => DriftWords.InSync(judgement.Drift!.Record!),
        _ => "Every required migration is applied.",
    };

    private static string? Notes(IReadOnlyList<Finding> findings)
    {
        IEnumerable<string> kinds = findings.Where(finding => finding.Severity == FindingSeverity.Information)
            .GroupBy(finding => finding.Id, StringComparer.Ordinal)
            .Select(group => (group.Key, Names: group.Select(finding => finding.Migration ?? finding.Message).ToList()))
            .Select(kind => $"{kind.Key} ({kind.Names.Count}): {Phrases.Names(kind.Names)}");
        string notes = string.Join("; ", kinds);
        return notes.Length == 0 ? null : Phrases.Bounded($"Worth mending: {notes}. `schemagate verify` shows each with its line.");
    }

    /// <summary>Null where nothing is pending.</summary>
    private static string? Risks(IReadOnlyList<MigrationRisk> pending)
    {
        IEnumerable<string> told = pending.Take(Phrases.Shown).Select(risk => $"{risk.Migration} is {risk.LeastLevel}: {risk.Sentence}");
        string more = pending.Count > Phrases.Shown ? $" And {pending.Count - Phrases.Shown} more." : "";
        return pending.Count == 0 ? null : $"Pending: {string.Join(" ", told)}{more}";
    }
}
