using System.Collections.Immutable;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Catalogs;

/// <summary>Which side of a comparison is what the migrations make.</summary>
public enum HistorySide
{
    From,
    To,
}

/// <summary>What of two catalogs is compared.</summary>
public sealed record CatalogScope
{
    /// <summary>What watches a database rather than serves it: nobody's migrations make it.</summary>
    private static readonly ImmutableHashSet<string> s_watching =
        ImmutableHashSet.Create(StringComparer.Ordinal, "plpgsql", "pg_stat_statements");

    private static readonly ImmutableHashSet<string> s_toolTables =
    [
        .. Enum.GetValues<MigrationTool>().Select(tool => ToolGuide.Of(tool).Table),
        "databasechangeloglock", "knex_migrations_lock", "ar_internal_metadata",
    ];

    private ImmutableArray<IgnorePattern> _patterns = [];

    public static CatalogScope Default { get; } = new();

    /// <summary>
    /// Objects that are nobody's business, and all that is a part of one: <c>audit_*</c>, <c>public.tmp_*</c>, <c>users.legacy</c> (a
    /// column), <c>index:*_tmp_idx</c>.
    /// </summary>
    public ImmutableArray<string> Ignore
    {
        get => [.. _patterns.Select(pattern => pattern.Text)];
        init => _patterns = [.. value.Select(IgnorePattern.Parse)];
    }

    /// <summary>Only roles that this side names anywhere have their grants compared: people let others read by hand.</summary>
    public HistorySide History { get; init; } = HistorySide.From;

    /// <summary>
    /// Whether one side is what migrations make. Where none is, as of two databases, extensions and publications of other schemas are left
    /// out whichever side has them.
    /// </summary>
    public bool HasHistory { get; init; } = true;

    /// <summary>The grants of every role are compared.</summary>
    public bool AllGrants { get; init; }

    /// <summary>The versions of extensions are compared.</summary>
    public bool ExtensionVersions { get; init; }

    /// <summary>Migration tools' own tables are compared.</summary>
    public bool ToolTables { get; init; }

    /// <summary>Whether it is none of the comparison's business.</summary>
    public bool LeavesOut(CatalogObject thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return (thing.Kind == CatalogKind.Extension && s_watching.Contains(thing.Name.Name))
            || (!ToolTables && s_toolTables.Contains(TableOf(thing) ?? ""))
            || _patterns.Any(pattern => pattern.Matches(thing));
    }

    /// <summary>The relation that it is, or is a part of; null where there is none.</summary>
    internal static string? TableOf(CatalogObject thing) => thing.Kind switch
    {
        CatalogKind.Index or CatalogKind.Statistics => QuotedName.Parts(thing[CatalogFact.Table]).ElementAtOrDefault(1),
        CatalogKind.Sequence => QuotedName.Parts(thing[CatalogFact.OwnedBy]).ElementAtOrDefault(1),
        CatalogKind.Table or CatalogKind.ForeignTable or CatalogKind.View or CatalogKind.MaterializedView => thing.Name.Name,
        _ => thing.Name.Owner,
    };
}
