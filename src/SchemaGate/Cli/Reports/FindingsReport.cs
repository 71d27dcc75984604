namespace SchemaGate.Cli.Reports;

/// <summary>How a pipeline shows a finding.</summary>
internal enum ReportedLevel
{
    Note,
    Warning,
    Error,
}

/// <summary>What a command found, in the shape that the formats of pipelines share.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Subject">What was judged: two comments about the same are one comment.</param>
/// <param name="ExitCode">See <see cref="ExitCodes"/>.</param>
/// <param name="Numbers">How much was found, in one sentence.</param>
/// <param name="Files">What was judged, also without findings.</param>
/// <param name="Problems">What could not be read, one sentence each.</param>
/// <param name="Notes">What else the reader should know, one sentence each.</param>
internal sealed record FindingsReport(
    string Command,
    string Subject,
    int ExitCode,
    string Numbers,
    IReadOnlyList<ReportedFile> Files,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether findings say the safe way beside what happens.</summary>
    public bool HasSafeWays { get; init; }

    /// <summary>The rules that the findings name, each once.</summary>
    public IReadOnlyList<ReportedRule> Rules { get; init; } = [];

    public string Title => $"schemagate {Command}";
}

/// <summary>One file, or one migration.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Source">The path or image that it came with.</param>
/// <param name="File">As one may open it.</param>
/// <param name="Level">The verdict about it in a word.</param>
/// <param name="Sentence">The same in a sentence.</param>
internal sealed record ReportedFile(
    string Name, string Source, string File, string Level, string Sentence, IReadOnlyList<ReportedFinding> Findings)
{
    public bool Fails => Findings.Any(finding => finding.Counts);
}

/// <summary>One finding.</summary>
/// <param name="Word">The command's own word for the level.</param>
/// <param name="Counts">It makes the command fail.</param>
/// <param name="SafeWay">What to do instead; empty where the message says it.</param>
/// <param name="Place">Null for the whole file.</param>
/// <param name="Fingerprint">Stable when lines move.</param>
internal sealed record ReportedFinding(
    string Rule, ReportedLevel Level, string Word, bool Counts, string Message, string SafeWay, ReportedPlace? Place,
    string Fingerprint);

/// <summary>Lines and columns from 1, in UTF-16 code units; the end is behind the last character.</summary>
internal sealed record ReportedPlace(int Line, int Column, int EndLine, int EndColumn);

/// <summary>What a rule is about.</summary>
/// <param name="Title">One sentence without its full stop.</param>
/// <param name="Page">Markdown; null where there is none.</param>
internal sealed record ReportedRule(string Id, string Title, string? Page, IReadOnlyList<string> Tags);
