using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Rehearsing;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>What is said of the code that a contracting migration waits for, or does not.</summary>
internal static class ContractWords
{
    /// <summary>The statistics of one database only: the server's others are somebody else's.</summary>
    public const string Forget =
        "SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)";

    /// <summary>How many workloads and names are told; each may be long.</summary>
    private const int Shown = 3;

    /// <summary>What is left of older code: the end of a sentence, and sentences.</summary>
    public static string Left(Contract contract)
    {
        string pods = contract.Old switch
        {
            null => "nobody knows yet which pods run code from before it.",
            [] => "no pod runs code from before it any more.",
            var old => $"{Pods(old)} still run code from before it.",
        };
        return pods + Open(contract) + (contract.Sessions switch
        {
            { Problem: { } why } => $" Whether such code has sessions left is not known: {Phrases.Sentence(Phrases.Bounded(why))}",
            { Shared: { Count: > 0 } shared } => $" Sessions of {Listed(shared)} tell nothing: newer code gives that name, too.",
            _ => "",
        });
    }

    /// <summary>Sentences with a blank behind them, or nothing.</summary>
    public static string Later(Contract contract)
    {
        string known = contract.Later.Count == 0 ? ""
            : $"Makes pods later, and not waited for: {Listed([.. contract.Later.Select(code => code.Word)])}. What it makes is code from "
                + "before it: change, suspend or delete it first. ";
        return contract.Unlisted is { } why ? $"{known}Whether a CronJob makes such pods later is not known: {why} " : known;
    }

    /// <summary>That nobody waits any more, and who should be waited for: a sentence with a blank behind it, or nothing.</summary>
    public static string Meanwhile(Contract contract) => contract.Old is { Count: > 0 } old
        ? $"While it is applied, {Pods(old)} run code from before it. "
        : "";

    public static string Pods(IReadOnlyList<RunningCode> running) => Listed([.. running.Select(Pod)]);

    public static string Pod(RunningCode code) => code.Pods switch
    {
        0 => $"{code.Word} (about to make pods)",
        1 => $"{code.Word} (1 pod)",
        _ => $"{code.Word} ({code.Pods} pods)",
    };

    private static string Open(Contract contract)
    {
        if (contract.Sessions.Open is not [var first, ..] open)
        {
            return "";
        }

        string said = $" Open in the database, by the application_name that only such code gives: {Listed([.. open.Select(Session)])}.";
        return contract.Old is { Count: > 0 } ? said : $"{said} They end with their clients, or by `SELECT pg_terminate_backend(pid) FROM "
            + $"pg_stat_activity WHERE datname = current_database() AND application_name = '{Quoted(first)}'`.";
    }

    private static string Quoted(OpenSessions sessions) => sessions.ApplicationName.Replace("'", "''", StringComparison.Ordinal);

    private static string Session(OpenSessions sessions)
    {
        string since = sessions.Since is { } at ? $", the oldest since {Phrases.Time(at)}" : "";
        return $"{sessions.ApplicationName} ({sessions.Count} {(sessions.Count == 1 ? "session" : "sessions")}{since})";
    }

    private static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown))
        + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
