using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Wait;

/// <summary>How waiting ended: the JSON shape of <c>wait</c>.</summary>
internal sealed record WaitReport(bool Released, string Server, string Namespace, double Seconds, IReadOnlyList<GateAnswer> Gates)
{
    [JsonIgnore]
    public int ExitCode => Released switch
    {
        true => ExitCodes.Open,
        false when Gates.Any(gate => gate is { Answered: true, Released: false }) => ExitCodes.Blocked,
        false => ExitCodes.Unreachable,
    };
}

/// <summary>The last that was heard about one gate.</summary>
/// <param name="Requires">Null for the gate's own image.</param>
/// <param name="Reason">A reason of the verdict's, or of its not coming.</param>
/// <param name="Answered">Whether there was a verdict at all.</param>
internal sealed record GateAnswer(string Gate, string? Requires, bool Released, string Reason, string Message, bool Answered)
{
    [JsonIgnore]
    public string Name => Requires is null ? Gate : $"{Gate}={Requires}";
}
