using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Rehearsals;

/// <summary>
/// What a rehearsal tells whoever started it, as its container's termination message: as <see cref="RunReport"/> is a run's, in the same
/// bounds. It is about a scratch database; the live one was only read.
/// </summary>
/// <param name="Migrations">What was rehearsed, in order; the oldest are left out where the report would be too long.</param>
/// <param name="Count">How many that were.</param>
public sealed record RehearsalReport(IReadOnlyList<ReportedMigration> Migrations, int Count)
{
    /// <summary>The pending migration that fails, and how; null where all of them ran.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>Why nothing could be rehearsed, such as a role that may not create databases; null where it could.</summary>
    public RunFailure? Unavailable { get; init; }

    /// <summary>One for each migration whose rollback was looked at; those that went well are left out first.</summary>
    public IReadOnlyList<ReportedRollback> Rollbacks { get; init; } = [];

    /// <summary>What became of running code's statements; null where nobody asked.</summary>
    public RehearsedStatements? Statements { get; init; }

    /// <summary>One line of JSON of at most <see cref="RunReport.Longest"/> bytes of UTF-8.</summary>
    public string ToJson()
    {
        RehearsalReport report = Shortened(RunReport.Longest);
        string json = report.Write();
        for (int longest = RunReport.Longest / 4; Encoding.UTF8.GetByteCount(json) > RunReport.Longest; longest /= 2)
        {
            // What went wrong is worth more than the lists.
            report = report.Shortened(longest) with
            {
                Migrations = [.. report.Migrations.Skip((report.Migrations.Count / 2) + 1)],
                Rollbacks = [.. report.Rollbacks.OrderBy(rollback => rollback.Result).Take(report.Rollbacks.Count / 2)],
            };
            json = report.Write();
        }

        return json;
    }

    /// <summary>Null for anything that is not such a report.</summary>
    public static RehearsalReport? FromJson(string? text) => text is { Length: <= RunReport.Longest }
        && TolerantJson.Read(text, RehearsalReportJson.Default.RehearsalReport) is { IsWhole: true } report ? report : null;

    /// <summary>Whether nothing in it is null that may not be: a deserializer does not ask.</summary>
    private bool IsWhole => Migrations is not null && Migrations.All(migration => migration is { Name: not null })
        && Failure is null or { Message: not null, Kind: not null, Next: not null }
        && Unavailable is null or { Message: not null, Kind: not null, Next: not null }
        && Rollbacks is not null && Rollbacks.All(rollback => rollback is { Migration: not null })
        && (Statements is null || Statements.IsWhole);

    private RehearsalReport Shortened(int longest) => this with
    {
        Failure = Failure?.Shortened(longest),
        Unavailable = Unavailable?.Shortened(longest),
        Rollbacks = [.. Rollbacks.Select(rollback => rollback with { Note = BoundedText.OrNull(rollback.Note, longest) })],
        Statements = Statements?.Shortened(longest),
    };

    private string Write() => JsonSerializer.Serialize(this, RehearsalReportJson.Default.RehearsalReport);
}

/// <summary>One migration that ran in the scratch database.</summary>
/// <param name="Milliseconds">How long it took there, which says little of how long it takes with data.</param>
public sealed record ReportedMigration(string Name, long Milliseconds)
{
    /// <summary>The strongest lock that it took on a relation of before, by its mode: AccessExclusive.</summary>
    public string? Lock { get; init; }

    /// <summary>Which relation that was.</summary>
    public string? Relation { get; init; }

    /// <summary>How many tables of before it wrote anew.</summary>
    public int Rewrites { get; init; }
}

/// <summary>What a rollback left, the worst first.</summary>
public enum RollbackResult
{
    /// <summary>Its SQL failed.</summary>
    Failed,

    /// <summary>The catalog is not what it was.</summary>
    Differs,

    /// <summary>It is given in words only, or not at all.</summary>
    Untested,

    /// <summary>The catalog is what it was.</summary>
    AsItWas,
}

/// <summary>A migration's rollback, tried in the scratch database.</summary>
/// <param name="Note">What differs, or how it failed, in a few words.</param>
public sealed record ReportedRollback(string Migration, RollbackResult Result, string? Note = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RehearsalReport))]
internal sealed partial class RehearsalReportJson : JsonSerializerContext;
