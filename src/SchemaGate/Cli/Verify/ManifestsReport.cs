using System.Text.Json.Serialization;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Verify;

/// <summary>What <c>verify --manifests</c> says: its JSON shape, and what its printer prints.</summary>
/// <param name="Message">One sentence about all of them.</param>
/// <param name="Files">How many were read.</param>
/// <param name="Objects">How many they hold.</param>
/// <param name="Gated">How many of these say that they are gated, wholly or by half.</param>
/// <param name="Judged">These, and the SchemaGates, in the order of the files.</param>
/// <param name="Problems">What could not be read, one sentence each.</param>
/// <param name="Notes">What else the reader should know, one sentence each.</param>
internal sealed record ManifestsReport(
    string Message,
    int Files,
    int Objects,
    int Gated,
    IReadOnlyList<ManifestLine> Judged,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes)
{
    /// <summary>A reason of verify's own: an object would be refused, or would not be held as it says.</summary>
    public const string Refused = "ManifestsRefused";

    /// <summary>A reason of verify's own: not all could be read.</summary>
    public const string Unreadable = "ManifestsUnreadable";

    [JsonIgnore]
    public string Reason => (Problems.Count > 0, Judged.Any(line => line.IsBlocking)) switch
    {
        (true, _) => Unreadable,
        (_, true) => Refused,
        _ => Reasons.Open,
    };

    [JsonIgnore]
    public Verdict Verdict => Reason switch { Unreadable => Verdict.Unknown, Refused => Verdict.Blocked, _ => Verdict.Open };

    public static ManifestsReport Of(
        int files, int objects, IReadOnlyList<ManifestLine> judged, IReadOnlyList<string> problems, IReadOnlyList<string> notes)
    {
        int gated = judged.Count(line => line.IsGated);
        int blocking = judged.Count(line => line.IsBlocking);
        string among = $"{Counted(objects, "object")} in {Counted(files, "file")}";
        string message = (problems.Count, blocking, gated) switch
        {
            ( > 0, _, _) => $"Not all manifests could be read; of {among}, {gated} {Say(gated)} gated, and {blocking} would be refused "
                + "or not held.",
            (_, > 0, _) => $"Of {among}, {gated} {Say(gated)} gated, and {blocking} would be refused or not held.",
            (_, _, 0) => $"Nothing is gated: of {among}, none says that it is, so nothing of them would be held.",
            _ => $"Of {among}, {gated} {Say(gated)} gated, and what they say can be honoured.",
        };
        return new(message, files, objects, gated, judged, problems, notes);
    }

    private static string Say(int count) => count == 1 ? "says that it is" : "say that they are";

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}

/// <summary>One object.</summary>
/// <param name="File">As one may open it.</param>
/// <param name="Line">Where the object begins, from 1.</param>
/// <param name="Namespace">Null where it names none.</param>
/// <param name="Name">Its name, or the beginning of one that is made up, with an asterisk; null where it has neither.</param>
/// <param name="Requires">What its pods are annotated with; null where they are not.</param>
internal sealed record ManifestLine(
    string File, int Line, string Kind, string? Namespace, string? Name, string? Requires, IReadOnlyList<ManifestFinding> Findings)
{
    /// <summary>Whether it says that it is gated, wholly or by half; a SchemaGate is a gate.</summary>
    [JsonIgnore]
    public bool IsGated { get; init; }

    [JsonIgnore]
    public bool IsBlocking => Findings.Any(finding => finding.Severity == ManifestFinding.Blocking);
}

/// <summary>What is to be said of an object.</summary>
/// <param name="Severity">blocking or information.</param>
internal sealed record ManifestFinding(string Id, string Severity, string Message)
{
    public const string Blocking = "blocking";
    public const string Information = "information";
}
