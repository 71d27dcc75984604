using SchemaGate.Core.Catalogs;

namespace SchemaGate.Cli.Diff;

/// <summary>What two schemas differ in.</summary>
/// <param name="From">What is compared.</param>
/// <param name="To">With what.</param>
/// <param name="Same">Whether nothing differs.</param>
/// <param name="Differences">What makes the first the second, in the catalog's order.</param>
/// <param name="Notes">What may surprise, one sentence each.</param>
internal sealed record DiffReport(string From, string To, bool Same, IReadOnlyList<DifferenceLine> Differences, IReadOnlyList<string> Notes)
{
    /// <summary>The SQL that makes one of them the other; null where nobody asked for it.</summary>
    public DiffSql? Sql { get; init; }

    public static DiffReport Of(SchemaDiff diff) => new(
        diff.From.Side.Name, diff.To.Side.Name, diff.Changes.IsEmpty, [.. diff.Changes.Select(change => DifferenceLine.Of(change, diff))],
        diff.Notes);
}

/// <summary>One object that differs.</summary>
/// <param name="Kind">What it is, in words.</param>
/// <param name="Name">With its schema, and what it is a part of.</param>
/// <param name="Change"><c>added</c>: only the second has it; <c>missing</c>: only the first; <c>changed</c>: both.</param>
/// <param name="Facts">What of it differs, where both have it.</param>
/// <param name="Says">A sentence without a full stop.</param>
internal sealed record DifferenceLine(string Kind, string Name, string Change, IReadOnlyList<FactLine> Facts, string Says)
{
    public static DifferenceLine Of(CatalogChange change, SchemaDiff diff) => new(
        CatalogWords.Kind(change.Name.Kind),
        change.Name.ToString(),
        (change.From, change.To) switch { (null, _) => "added", (_, null) => "missing", _ => "changed" },
        [.. change.Facts.Select(fact => new FactLine(fact, change.From?[fact], change.To?[fact]))],
        CatalogWords.Of(change, diff.From.Side.Word));
}

/// <summary>One fact of an object on both sides; null where it has its default.</summary>
internal sealed record FactLine(string Name, string? From, string? To);

/// <summary>SQL that was tried.</summary>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Text">As a migration.</param>
/// <param name="Verified">It was run in a scratch database and left no difference.</param>
/// <param name="Left">Else what is left.</param>
internal sealed record DiffSql(string Direction, string Text, bool Verified, IReadOnlyList<string> Left);
