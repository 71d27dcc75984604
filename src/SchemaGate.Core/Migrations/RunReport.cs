using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Core.Migrations;

/// <summary>
/// What a run of migrations tells whoever started it, as its container's termination message
/// (https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/: at most 4096 bytes). It is a report, not
/// evidence: what is applied, the history says.
/// </summary>
/// <param name="Applied">What this run applied, in order; the oldest are left out where the report would be too long.</param>
/// <param name="AppliedCount">How many that were.</param>
/// <param name="AlreadyApplied">How many of the set were there before.</param>
/// <param name="Failure">Why it stopped; null when the database has the whole set.</param>
public sealed record RunReport(IReadOnlyList<RunApplied> Applied, int AppliedCount, int AlreadyApplied, RunFailure? Failure)
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int Longest = 4096;

    /// <summary>One line of JSON of at most <see cref="Longest"/> bytes.</summary>
    public string ToJson()
    {
        RunReport report = this with { Failure = Failure?.Shortened(Longest) };
        string json = report.Write();
        // Halving ends soon, and the failure is worth more than the list.
        for (int longest = Longest / 4; Encoding.UTF8.GetByteCount(json) > Longest; longest /= 2)
        {
            report = report with
            {
                Applied = [.. report.Applied.Skip((report.Applied.Count / 2) + 1)],
                Failure = report.Failure?.Shortened(longest),
            };
            json = report.Write();
        }

        return json;
    }

    /// <summary>Null for anything that is not such a report.</summary>
    public static RunReport? FromJson(string? text) => text is { Length: <= Longest }
        && TolerantJson.Read(text, RunReportJson.Default.RunReport) is { Applied: not null } report
        && report.Failure is null or { Message: not null, Kind: not null }
            ? report
            : null;

    private string Write() => JsonSerializer.Serialize(this, RunReportJson.Default.RunReport);
}

/// <summary>One migration that a run applied.</summary>
public sealed record RunApplied(string Name, long Milliseconds);

/// <summary>Why a run stopped. Without credentials, and without the server's DETAIL, which may quote rows.</summary>
/// <param name="Kind">What happened, in one word, such as MigrationFailed or LockUnavailable.</param>
/// <param name="Message">What happened and what is left of it, in full sentences.</param>
public sealed record RunFailure(FailureClass Class, string Kind, string Message)
{
    /// <summary>The migration that failed, or that stands in the way.</summary>
    public string? Migration { get; init; }

    /// <summary>The migration's file in its image. The run does not say it: the gate does.</summary>
    public string? File { get; init; }

    /// <summary>Where in that file, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The failing statement's beginning, on one line.</summary>
    public string? Statement { get; init; }

    /// <summary>The server's error code (PostgreSQL documentation, appendix A).</summary>
    public string? SqlState { get; init; }

    public string? Hint { get; init; }

    /// <summary>Whether nothing of the failed migration remains; null where that is unknown.</summary>
    public bool? RolledBack { get; init; }

    /// <summary>Command lines for each way out, in the order to try them.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];

    internal RunFailure Shortened(int longest) => this with
    {
        Message = BoundedText.Of(Message, longest),
        Statement = BoundedText.OrNull(Statement, longest),
        Hint = BoundedText.OrNull(Hint, longest),
        Next = [.. Next.Where(command => command.Length <= longest)],
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportJson : JsonSerializerContext;
