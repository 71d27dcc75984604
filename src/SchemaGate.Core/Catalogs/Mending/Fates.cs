namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// What becomes of each object: what the differences say of it, and what follows for whatever needs it. Who needs something that is dropped
/// or made again is dropped before and made again after, once; a column is never: its default is lifted, or its type is changed twice.
/// </summary>
internal sealed class Fates
{
    private readonly NeedGraph _from;
    private readonly NeedGraph _to;
    private readonly Dictionary<CatalogName, Fate> _fates = [];
    private readonly Dictionary<CatalogName, CatalogChange> _changes = [];
    private readonly HashSet<CatalogName> _lifted = [];
    private readonly HashSet<CatalogName> _retyped = [];
    private readonly Queue<CatalogName> _open = [];

    public Fates(NeedGraph from, NeedGraph to, IEnumerable<CatalogChange> changes)
    {
        (_from, _to) = (from, to);
        foreach (CatalogChange change in changes.Where(change => change.Name.Kind != CatalogKind.Other))
        {
            Tell(change);
        }

        while (_open.TryDequeue(out CatalogName? going))
        {
            foreach (CatalogName dependent in _from.Dependents(going))
            {
                Follow(going, dependent);
            }
        }
    }

    public Fate this[CatalogName name] => _fates.GetValueOrDefault(name);

    /// <summary>Whether it is not there between the two halves of the plan.</summary>
    public bool Goes(CatalogName name) => this[name] is Fate.Dropped or Fate.Remade;

    /// <summary>Whether it is written anew.</summary>
    public bool Comes(CatalogName name) => this[name] is Fate.Made or Fate.Remade;

    /// <summary>Whether both sides have the object and this fact of it differs.</summary>
    public bool Differs(CatalogName name, string fact) =>
        _changes.TryGetValue(name, out CatalogChange? change) && change is { From: not null, To: not null }
        && change.Facts.Contains(fact, StringComparer.Ordinal);

    /// <summary>A column whose default, or a publication whose list cannot stand between the two halves of the plan.</summary>
    public bool IsLifted(CatalogName name) => _lifted.Contains(name);

    /// <summary>A column whose type is replaced by another of the same name.</summary>
    public bool IsRetyped(CatalogName column) => _retyped.Contains(column);

    private void Tell(CatalogChange change)
    {
        CatalogName name = change.Name;
        _changes[name] = change;
        if (change.From is null || change.To is null)
        {
            Set(name, change.From is null ? Fate.Made : Fate.Dropped);
        }
        else if (!InPlace.Suffices(change))
        {
            Remake(name);
        }
        else if (this[name] == Fate.Stays && change.Facts.Except(InPlace.Never(change), StringComparer.Ordinal).Any())
        {
            Set(name, Fate.Altered);
            LookAtType(change);
        }
    }

    private void LookAtType(CatalogChange change)
    {
        if (change.Name.Kind != CatalogKind.Column
            || !change.Facts.Any(fact => fact is CatalogFact.Type or CatalogFact.Collation))
        {
            return;
        }

        _open.Enqueue(change.Name);
        if (!ColumnType.SameBase(change.From![CatalogFact.Type], change.To![CatalogFact.Type]))
        {
            _lifted.Add(change.Name);
        }
    }

    /// <summary>Also what is a part of the other: an index of a constraint goes as the constraint.</summary>
    private void Remake(CatalogName name)
    {
        Set(name, Fate.Remade);
        CatalogName whole = _from.Canonical(name);
        if (whole != name && _to[whole] is not null && !Goes(whole))
        {
            Set(whole, Fate.Remade);
        }
    }

    private void Set(CatalogName name, Fate fate)
    {
        _fates[name] = fate;
        if (fate == Fate.Remade && _from.IndexOf(name) is { } index && _to[index.Name] is not null)
        {
            // With what is said of it.
            _fates[index.Name] = fate;
        }

        if (fate is Fate.Dropped or Fate.Remade)
        {
            _open.Enqueue(name);
        }
    }

    private void Follow(CatalogName going, CatalogName dependent)
    {
        if (Goes(dependent))
        {
            return;
        }

        if (IsPartOfDropped(dependent))
        {
            ComeAgain(dependent);
        }
        else if (dependent.Kind == CatalogKind.Column)
        {
            FollowColumn(going, dependent);
        }
        else if (dependent.Kind == CatalogKind.Publication)
        {
            Lift(dependent);
        }
        else if (MustGo(going, dependent))
        {
            Set(dependent, _to[dependent] is null ? Fate.Dropped : Fate.Remade);
        }
    }

    /// <summary>Where a relation of another kind has the name and such a part, as a materialized view that was a view.</summary>
    private void ComeAgain(CatalogName part)
    {
        if (_to[part] is not null)
        {
            Set(part, Fate.Remade);
        }
    }

    private void FollowColumn(CatalogName going, CatalogName column)
    {
        bool isGenerated = _from[column]!.Has(CatalogFact.Generated);
        if (this[going] == Fate.Dropped && going.Kind == CatalogKind.Column && going.Name == column.Name && _to[column] is not null)
        {
            // A child keeps what it has of a parent's column.
            return;
        }

        if (going.IsView || (going.Kind == CatalogKind.Column && Goes(going)))
        {
            Set(column, _to[column] is null ? Fate.Dropped : Fate.Remade);
        }
        else if (isGenerated)
        {
            Set(column, Fate.Remade);
        }
        else if (IsType(going.Kind))
        {
            _retyped.Add(column);
            Lift(column);
            _open.Enqueue(column);
        }
        else if (going.Kind is not (CatalogKind.Column or CatalogKind.Table) && _from[column]!.Has(CatalogFact.Default))
        {
            Lift(column);
        }
    }

    private void Lift(CatalogName name)
    {
        _lifted.Add(name);
        if (this[name] == Fate.Stays)
        {
            _fates[name] = Fate.Altered;
        }
    }

    /// <summary>The server makes indexes and constraints again by itself where only the type of their column changes.</summary>
    private bool MustGo(CatalogName going, CatalogName dependent) => dependent.Kind switch
    {
        CatalogKind.Table or CatalogKind.ForeignTable or CatalogKind.Schema or CatalogKind.Extension or CatalogKind.Sequence => false,
        CatalogKind.Index or CatalogKind.Statistics => Goes(going),
        // One that a parent has given stays: its column may be in a primary key.
        CatalogKind.Constraint when NotNulls.Is(_from[dependent]!) =>
            going.Kind is CatalogKind.Column or CatalogKind.Domain && Goes(going),
        CatalogKind.Constraint => Goes(going) || (IsLifted(going) && _from[dependent]![CatalogFact.ConstraintType] == "foreign key"),
        _ => true,
    };

    private bool IsPartOfDropped(CatalogName name) =>
        _from.Owner(name) is { } owner && this[owner.Name] == Fate.Dropped && _to[owner.Name] is null;

    private static bool IsType(CatalogKind kind) => kind is CatalogKind.Enum or CatalogKind.Domain or CatalogKind.CompositeType
        or CatalogKind.RangeType or CatalogKind.Collation or CatalogKind.Extension;
}
