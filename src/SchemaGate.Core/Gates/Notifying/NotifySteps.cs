namespace SchemaGate.Core.Gates.Notifying;

/// <summary>
/// What is owed to a gate's receiver. It never closes the gate, and nothing here waits: a notice is sent at least once, and repeated with
/// growing pauses for three days.
/// </summary>
internal static class NotifySteps
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Three days of pauses, where chance makes none of them longer: 85 minutes of growing ones, then seventy hours.</summary>
    private const int MostAttempts = 81;

    /// <returns>What is so now; null where the gate tells nobody.</returns>
    public static NotifyRecord? Next(GateInput input, Judgement judgement, bool isOpen)
    {
        if (input.Spec.Notify is null || input.Notify is not { } evidence)
        {
            return null;
        }

        NotifyRecord record = evidence.Attempt is { } attempt && attempt.Id == evidence.Record.Owed?.Id
            ? After(evidence.Record, attempt, evidence.Chance)
            : evidence.Record;
        Notice? last = record.Told is [var newest, ..] ? newest : null;
        Notice? opened = isOpen ? Notice.Of(judgement, evidence.Uid, last, input.Now) : null;
        // What was owed for another set is said by this one, too: its list begins where the last set ended that was told. Which one that
        // is, is not known while a notice is under way.
        bool isNews = opened is not null && opened.Id != record.Owed?.Id && !record.Told.Any(told => told.Id == opened.Id);
        return !isNews || (evidence.IsUnderWay && record.Owed is not null)
            ? record
            : record with { Owed = opened, Attempts = 0, NextAttemptAt = null, Failure = null };
    }

    private static NotifyRecord After(NotifyRecord record, NotifyAttempt attempt, double chance)
    {
        if (attempt.Result == NotifyResult.Told)
        {
            Notice told = record.Owed! with { Migrations = [], Count = 0 };
            return new()
            {
                Told = [.. record.Told.Prepend(told).DistinctBy(one => one.Id, StringComparer.Ordinal).Take(NotifyRecord.MostTold)],
                ToldAt = attempt.At,
                Receiver = attempt.Receiver,
            };
        }

        // Who is tried again after the end, because something has changed, has the same patience.
        int before = record.Failure is { IsFinal: true } ? 0 : record.Attempts;
        int attempts = before + (attempt.Result == NotifyResult.Unready ? 0 : 1);
        DateTimeOffset next = attempt.At + Pause(attempts, attempt.RetryAfter, chance);
        bool isFinal = attempt.Result != NotifyResult.Failed || attempts >= MostAttempts;
        return record with
        {
            Attempts = attempts,
            NextAttemptAt = isFinal ? null : next,
            Failure = new(isFinal, attempt.Message),
            Receiver = attempt.Receiver,
        };
    }

    /// <summary>Twice as long each time, and up to a fifth longer by chance; a receiver may ask for more, and gets no more than an hour.
    /// </summary>
    private static TimeSpan Pause(int attempts, TimeSpan? asked, double chance)
    {
        TimeSpan grown = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 16));
        TimeSpan wanted = asked > grown ? asked.Value : grown;
        return (wanted < LongestPause ? wanted : LongestPause) * (1 + (chance / 5));
    }
}
