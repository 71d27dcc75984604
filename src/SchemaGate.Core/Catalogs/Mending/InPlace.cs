namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>Which differences of one object an ALTER mends, which need it dropped and made again, and which nothing mends.</summary>
internal static class InPlace
{
    private static readonly string[] s_always =
    [
        CatalogFact.Comment, CatalogFact.Grants, CatalogFact.Enabled, CatalogFact.StatisticsTarget, CatalogFact.Inherited,
    ];

    private static readonly Dictionary<CatalogKind, string[]> s_altered = new()
    {
        [CatalogKind.Extension] = [CatalogFact.Version, CatalogFact.InSchema],
        [CatalogKind.Domain] = [CatalogFact.NotNull, CatalogFact.Default],
        [CatalogKind.Sequence] = [CatalogFact.Type, CatalogFact.SequenceOptions, CatalogFact.OwnedBy, CatalogFact.Persistence],
        [CatalogKind.Table] =
        [
            CatalogFact.Persistence, CatalogFact.PartitionOf, CatalogFact.PartitionBound, CatalogFact.Inherits, CatalogFact.Options,
            CatalogFact.RowSecurity, CatalogFact.ForceRowSecurity, CatalogFact.ReplicaIdentity,
        ],
        [CatalogKind.Column] =
        [
            CatalogFact.Type, CatalogFact.NotNull, CatalogFact.Default, CatalogFact.Identity, CatalogFact.SequenceOptions,
            CatalogFact.IdentitySequence, CatalogFact.Collation, CatalogFact.Storage, CatalogFact.Compression, CatalogFact.Options,
        ],
        [CatalogKind.View] = [CatalogFact.Options],
        [CatalogKind.MaterializedView] = [CatalogFact.Options],
        [CatalogKind.Publication] = [CatalogFact.Options],
    };

    /// <summary>The facts that no statement changes without losing the object's data.</summary>
    public static IEnumerable<string> Never(CatalogChange change) => change.Name.Kind switch
    {
        CatalogKind.Table => change.Facts.Where(fact => !Altered(change.Name.Kind, fact)),
        CatalogKind.ForeignTable or CatalogKind.Schema => change.Facts.Where(fact => !Altered(change.Name.Kind, fact)),
        CatalogKind.Index when change.To![CatalogFact.Valid] == "no" => change.Facts.Where(fact => fact == CatalogFact.Valid),
        CatalogKind.Other => change.Facts,
        _ => [],
    };

    public static bool Suffices(CatalogChange change) =>
        change.Facts.Except(Never(change), StringComparer.Ordinal).All(fact => Suffices(change, fact));

    private static bool Suffices(CatalogChange change, string fact) => (change.Name.Kind, fact) switch
    {
        (CatalogKind.Enum, CatalogFact.Labels) => EnumLabels.OnlyAdded(change.From!, change.To!),
        (CatalogKind.CompositeType, CatalogFact.Attributes) => CompositeAttributes.Changed(change.From!, change.To!) is not null,
        (CatalogKind.Function or CatalogKind.Procedure, CatalogFact.Definition) => Head(change.From!) == Head(change.To!),
        (CatalogKind.Constraint, CatalogFact.Definition) => IsValidated(change),
        (CatalogKind.Constraint, CatalogFact.ConstraintType) => IsValidated(change),
        (CatalogKind.Publication, CatalogFact.Publishes) => AreLists(change, fact),
        // What is virtual stays so (18).
        (CatalogKind.Column, CatalogFact.Generated) => !change.To!.Has(fact) && change.From![fact] != "virtual",
        (CatalogKind.Column, CatalogFact.Type or CatalogFact.Default or CatalogFact.Collation) =>
            !change.From!.Has(CatalogFact.Generated) || !change.To!.Has(CatalogFact.Generated),
        var (kind, _) => Altered(kind, fact),
    };

    private static bool Altered(CatalogKind kind, string fact) =>
        s_always.Contains(fact) || (s_altered.TryGetValue(kind, out string[]? facts) && facts.Contains(fact));

    public static bool IsValidated(CatalogChange change) =>
        change.From![CatalogFact.Definition] == $"{change.To![CatalogFact.Definition]} NOT VALID";

    /// <summary>What CREATE OR REPLACE may not change: the parameters and the result.</summary>
    private static string Head(CatalogObject function) =>
        function[CatalogFact.Definition]!.Split("\n LANGUAGE ", 2)[0];

    /// <summary>Only a list of tables or schemas is set by ALTER PUBLICATION.</summary>
    private static bool AreLists(CatalogChange change, string fact) => new[] { change.From![fact], change.To![fact] }
        .All(value => value is not null && value.StartsWith("TABLE", StringComparison.Ordinal));
}
