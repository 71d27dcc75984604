using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Undo;

/// <summary>What <c>undo</c> did: its JSON shape, and what it prints.</summary>
/// <param name="Result"><c>undone</c>, <c>unchanged</c>, <c>planned</c> (with --dry-run) or <c>refused</c>.</param>
/// <param name="Revision">The revision that it went back to; this and the next two are null where there is none.</param>
/// <param name="ReplicaSet">Its ReplicaSet.</param>
/// <param name="Requires">What its pod template requires; null where it requires nothing.</param>
/// <param name="Paused">Whether the Deployment is paused now; null where nothing was written.</param>
/// <param name="Held">Why SchemaGate holds it even so; null where nothing does.</param>
/// <param name="Problem">Why nothing was done; null where it was, or nothing had to be.</param>
internal sealed record UndoReport(
    string Namespace,
    string Deployment,
    string Result,
    long? Revision = null,
    string? ReplicaSet = null,
    string? Requires = null,
    bool? Paused = null,
    string? Held = null,
    string? Problem = null)
{
    [JsonIgnore]
    public int ExitCode => Problem is null && Held is null ? ExitCodes.Open : ExitCodes.Blocked;

    public static UndoReport Refused(string ns, string deployment, string problem) => new(ns, deployment, "refused", Problem: problem);

    public void Print(StyledText text)
    {
        string revision = $"revision {Revision} ({ReplicaSet}), which requires {Requires ?? "nothing"}";
        (string sentence, Style style) = Result switch
        {
            "undone" => ($"deployment/{Deployment} is back at {revision}.", Style.Green),
            "planned" => ($"deployment/{Deployment} would go back to {revision}. Nothing was changed.", Style.Plain),
            "unchanged" => ($"deployment/{Deployment} has the template of {revision}, already. Nothing was changed.", Style.Plain),
            _ => (Problem ?? "", Style.Red),
        };
        text.Line(sentence, style);
        if (Held is { } held)
        {
            text.Line($"SchemaGate holds it, still or again: {held}", Style.Yellow);
        }
        else if (Paused is true)
        {
            text.Line($"It is paused: `kubectl rollout resume deployment/{Deployment} -n {Namespace}` lets it go on.", Style.Yellow);
        }
    }
}
