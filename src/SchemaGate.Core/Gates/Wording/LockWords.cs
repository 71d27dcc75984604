using System.Globalization;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>Who holds a migration lock, and what ends that where nobody is at work any more.</summary>
internal static class LockWords
{
    /// <summary>Sentences to add; empty where nothing is known.</summary>
    public static string Of(LockHolder? holder) => holder switch
    {
        null => "",
        { Process: { } process } =>
            $" Server process {Number(process)}{Named(holder.Owner)}{Since(", connected since ", holder)} holds the lock."
            + Idle(holder, process),
        { Owner: { Length: > 0 } owner } => $" {owner} took it{Since(" at ", holder)}.",
        _ => "",
    };

    /// <summary>A pooler gives a session to nobody while it waits for the next one, and keeps the lock with it.</summary>
    private static string Idle(LockHolder holder, int process)
    {
        string end = $"`psql -c 'SELECT pg_terminate_backend({Number(process)})'` ends it.";
        return holder.IsIdle switch
        {
            true => $" That session has been idle for more than a minute: if its run has died (a pooler keeps the session), {end}",
            false => "",
            null => $" If its run has died, {end}",
        };
    }

    private static string Named(string owner) => owner.Length == 0 ? "" : $" ({owner})";

    private static string Since(string word, LockHolder holder) => holder.Since is { } since ? $"{word}{Phrases.Time(since)}" : "";

    private static string Number(int process) => process.ToString(CultureInfo.InvariantCulture);
}
