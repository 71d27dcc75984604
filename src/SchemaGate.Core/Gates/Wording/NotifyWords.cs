using SchemaGate.Core.Gates.Notifying;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What the condition says of what is told to a gate's receiver; never when it is tried again, or each try would be an event.
/// </summary>
internal static class NotifyWords
{
    /// <returns>Whether the condition holds, null for Unknown; nothing at all where there is nothing to say.</returns>
    public static (bool? Holds, string Reason, string Message)? Of(NotifyRecord? record, NotifySettings? settings) => record switch
    {
        not null when settings is { Problems: [_, ..] problems } => (
            false, Reasons.NotifyFailed, Phrases.Bounded($"Nobody is told: {string.Join(' ', problems)}")),
        { Owed: { } owed, Failure: { IsFinal: true } failure } => (
            false,
            Reasons.NotifyFailed,
            Phrases.Bounded($"The receiver was not told of {Words(owed)}: {failure.Message} It is tried again when spec.notify, its "
                + $"Secrets or the annotation {Names.Retry} change.")),
        { Owed: { } owed, Failure: { } failure } => (
            false,
            Reasons.NotifyPending,
            Phrases.Bounded($"The receiver was not told yet of {Words(owed)}: {failure.Message} It is tried again by itself.")),
        { Owed: { } owed } => (null, Reasons.NotifyPending, Phrases.Bounded($"The receiver is being told of {Words(owed)}.")),
        { Told: [var last, ..] } => (true, Reasons.Notified, Phrases.Bounded($"The receiver was told of {Words(last)}.")),
        _ => null,
    };

    private static string Words(Notice notice) => $"{notice.Image} in {notice.Identity} (event {notice.Id})";
}
