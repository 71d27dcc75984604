using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Wait;

/// <summary>How waiting ended: the JSON shape of <c>wait</c>.</summary>
/// <param name="Released">Whether everything that was waited for is.</param>
/// <param name="Server">Who was asked.</param>
/// <param name="Namespace">Where the gates and workloads are.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Answers">In the order of the command line.</param>
internal sealed record WaitReport(bool Released, string Server, string Namespace, double Seconds, IReadOnlyList<WaitAnswer> Answers)
{
    [JsonIgnore]
    public int ExitCode => Released switch
    {
        true => ExitCodes.Open,
        false when Answers.Any(answer => answer is { Answered: true, Released: false }) => ExitCodes.Blocked,
        false => ExitCodes.Unreachable,
    };
}

/// <summary>The last that was heard about one gate, or one workload.</summary>
/// <param name="Gate">Null for a workload.</param>
/// <param name="Requires">Null for the gate's own image.</param>
/// <param name="Workload"><c>statefulset/db</c>, or <c>operator</c>; null for a gate.</param>
/// <param name="Released">Whether the requirement is released, or the workload rolled out.</param>
/// <param name="Reason">A reason of the verdict's, or of its not coming.</param>
/// <param name="Message">In words.</param>
/// <param name="Answered">Whether there was an answer at all.</param>
internal sealed record WaitAnswer(
    string? Gate, string? Requires, string? Workload, bool Released, string Reason, string Message, bool Answered)
{
    /// <summary>What stands in a workload's place where the operator itself is waited for.</summary>
    public const string Operator = "operator";

    [JsonIgnore]
    public string Name => (Workload, Requires) switch
    {
        ({ } workload, _) => workload,
        (_, null) => Gate!,
        _ => $"{Gate}={Requires}",
    };

    /// <summary>In one word, of what is waited for no more.</summary>
    [JsonIgnore]
    public string Done => Workload switch
    {
        null => "released",
        Operator => "ready",
        _ => "rolled out",
    };
}
