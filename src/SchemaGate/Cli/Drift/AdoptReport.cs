using SchemaGate.Cli.Changelogs;

namespace SchemaGate.Cli.Drift;

/// <summary>What became of what was changed by hand.</summary>
/// <param name="Migration">The migration's name; null where there is none.</param>
/// <param name="File">Its file, as one may open it from here.</param>
/// <param name="Sql">What it does.</param>
/// <param name="DryRun">Nothing was written.</param>
internal sealed record AdoptReport(string? Migration, string? File, string? Sql, bool DryRun)
{
    /// <summary>Why nothing was done; null where all was.</summary>
    public string? Refusal { get; init; }

    /// <summary>What became of the changelog; null where there is none.</summary>
    public EditReport? Document { get; init; }

    /// <summary>What the history says of the migration now; null where it was left alone.</summary>
    public string? History { get; init; }

    /// <summary>What may surprise, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static AdoptReport Refused(string refusal, IReadOnlyList<string> notes) =>
        new(null, null, null, DryRun: false) { Refusal = refusal, Notes = notes };
}
