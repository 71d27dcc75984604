using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Lint;

/// <summary>What <c>lint</c> says: its JSON shape, and what every printer prints.</summary>
/// <param name="Result">passed, failed, or unreadable where not all of the input could be judged.</param>
/// <param name="FailOn">risky, warning, note or never.</param>
/// <param name="PostgresVersion">The target's major version; null for whatever is supported.</param>
/// <param name="ParserVersion">Of PostgreSQL's parser that read the SQL.</param>
/// <param name="Migrations">Those that were judged, in the order of the input.</param>
/// <param name="Problems">What could not be read, one sentence each.</param>
/// <param name="Notes">What else the reader should know, one sentence each.</param>
internal sealed record LintReport(
    string Result,
    string FailOn,
    int? PostgresVersion,
    int ParserVersion,
    LintSummary Summary,
    IReadOnlyList<LintedMigration> Migrations,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes)
{
    /// <summary>The paths and images as given, whatever of them was judged.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Sources { get; init; } = [];

    [JsonIgnore]
    public int ExitCode => Result switch { "passed" => ExitCodes.Open, "failed" => ExitCodes.Blocked, _ => ExitCodes.Unreachable };
}

/// <summary>Numbers of findings; those that do not count have their own.</summary>
internal sealed record LintSummary(int Migrations, int Risky, int Warnings, int Notes, int Ignored, int Baselined);

/// <summary>One migration's verdict.</summary>
/// <param name="Source">The path or image that it came with.</param>
/// <param name="File">Its file, as one may open it; <c>&lt;stdin&gt;</c> for standard input.</param>
/// <param name="Level">See <see cref="LintSeverities.Level"/>; of all that is not ignored in the file itself.</param>
/// <param name="LeastRiskLevel">The least that a changelog's entry may state: Low, Medium or High.</param>
/// <param name="Baselined">Findings that the baseline hides.</param>
internal sealed record LintedMigration(
    string Name,
    string Source,
    string File,
    string Level,
    string LeastRiskLevel,
    bool InOneTransaction,
    string Sentence,
    IReadOnlyList<LockLine> Locks,
    IReadOnlyList<LintFinding> Findings,
    IReadOnlyList<IgnoredLine> Ignored,
    int Baselined);

/// <summary>One finding and its place.</summary>
/// <param name="Severity">risky, warning or note.</param>
/// <param name="Counts">It is at or above the threshold.</param>
/// <param name="Assumed">The text does not tell; this is the worst that it can be.</param>
/// <param name="Line">From 1, as are the columns, in UTF-16 code units; the end is behind the last character.</param>
/// <param name="Fingerprint">Of rule, migration and the statement's text: stable when lines move.</param>
internal sealed record LintFinding(
    string Rule,
    string Severity,
    bool Counts,
    string Message,
    string SafeWay,
    IReadOnlyList<string> Categories,
    bool Assumed,
    int Line,
    int Column,
    int EndLine,
    int EndColumn,
    SourceLine Source,
    string Fingerprint);

/// <summary>A finding that a comment asks to ignore.</summary>
internal sealed record IgnoredLine(string Rule, string Message, int Line, string Reason);

/// <summary>A lock on a relation that exists before the migration.</summary>
/// <param name="Table">Null where no migration tells whose index it is; the sentence names the index.</param>
internal sealed record LockLine(
    string? Table, string Mode, bool BlocksReads, bool BlocksWrites, bool Assumed, int Line, int Column, string Sentence);
