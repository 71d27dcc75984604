using System.Collections.Immutable;
using SchemaGate.Core.Changelogs.Drafting;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>One comparison of a folded schema with a catalog.</summary>
internal sealed class FoldComparison
{
    private const string Partly = "made in a way that the text does not tell wholly";
    private const string Named = "named by programs that are not read";
    private const string Older = "older than the migrations, or made beside them";

    private readonly FoldedSchema _folded;
    private readonly KnownSchema _schema;
    private readonly Catalog _live;
    private readonly CatalogScope _scope;
    private readonly List<CatalogChange> _changes = [];
    private readonly SortedDictionary<string, int> _unjudged = new(StringComparer.Ordinal);
    private readonly ILookup<(string?, string?), CatalogObject> _parts;
    private int _judged;

    public FoldComparison(FoldedSchema folded, Catalog live, CatalogScope scope)
    {
        (_folded, _schema, _live, _scope) = (folded, folded.Schema, live, scope);
        _parts = live.Objects.Values
            .Where(thing => (thing.Name.Owner is not null || thing.Kind == CatalogKind.Index) && !thing.Has(CatalogFact.Inherited))
            .ToLookup(thing => (thing.Name.Schema, CatalogScope.TableOf(thing)));
    }

    public FoldedDrift Drift()
    {
        if (_folded.Doubts.Everything is { } reason)
        {
            int all = _live.Objects.Values.Count(IsCounted);
            return new FoldedDrift([], 0, all, [$"{all} because {reason}"]);
        }

        foreach (KnownRelation relation in _schema.Relations.Values.Where(relation => IsAsked(relation.Name)))
        {
            Relation(relation);
        }

        foreach (KnownEnum known in _schema.Types.Values.OfType<KnownEnum>().Where(known => IsAsked(known.Name)))
        {
            Enum(known);
        }

        foreach (KnownFunction known in _schema.Functions.Values.Where(known => IsAsked(known.Name)))
        {
            Function(known);
        }

        Extras();
        return new FoldedDrift(
            [.. _changes.Where(change => !_scope.LeavesOut((change.From ?? change.To)!)).OrderBy(change => change.Name, CatalogName.Order)],
            _judged, _unjudged.Values.Sum(), [.. _unjudged.Select(reason => $"{reason.Value} {reason.Key}")]);
    }

    private void Relation(KnownRelation relation)
    {
        CatalogKind[] kinds = relation is KnownTable
            ? [CatalogKind.Table, CatalogKind.ForeignTable]
            : [CatalogKind.View, CatalogKind.MaterializedView];
        if (relation is KnownSequence)
        {
            return;
        }

        CatalogObject? live = Live(relation.Name, kinds);
        if (IsInDoubt(relation.Name, relation.Made) is { } reason)
        {
            Unjudged(reason);
        }
        else if (live is null)
        {
            MissingRelation(relation, kinds);
        }
        else if (relation is KnownTable table)
        {
            Table(table, live);
        }
        else
        {
            _judged++;
        }
    }

    private void MissingRelation(KnownRelation relation, CatalogKind[] kinds)
    {
        if (relation is KnownTable { PartitionOf: not null }
            || (relation is KnownView or KnownTable { IsComplete: false } && _folded.Doubts.HasCascaded))
        {
            Unjudged(Partly);
            return;
        }

        Missing(relation is KnownView { IsMaterialized: true } ? kinds[1] : kinds[0], relation.Name);
    }

    private void Table(KnownTable table, CatalogObject live)
    {
        if (!table.IsComplete || table.PartitionOf is not null || live.Has(CatalogFact.PartitionOf) || live.Has(CatalogFact.Inherits))
        {
            Unjudged(Partly);
            return;
        }

        _judged++;
        _changes.AddRange(new FoldedTable(_folded, table, [.. _parts[(table.Name.Schema, table.Name.Name)]]).Changes());
    }

    private void Enum(KnownEnum known)
    {
        CatalogName name = new(CatalogKind.Enum, known.Name.Schema, null, known.Name.Name);
        if (IsInDoubt(known.Name, known.Made) is { } reason)
        {
            Unjudged(reason);
        }
        else if (_live[name] is not { } live)
        {
            Missing(CatalogKind.Enum, known.Name);
        }
        else
        {
            _judged++;
            string labels = string.Join('\n', known.Values.Select(value => Literal(value.Label)));
            if (labels != (live[CatalogFact.Labels] ?? ""))
            {
                _changes.Add(new CatalogChange(
                    live with { Facts = live.Facts.SetItem(CatalogFact.Labels, labels) }, live, [CatalogFact.Labels]));
            }
        }
    }

    private void Function(KnownFunction known)
    {
        bool isThere = _live.Objects.Keys.Any(name => name.Kind is CatalogKind.Function or CatalogKind.Procedure
            && name.Schema == known.Name.Schema && name.Name.StartsWith($"{known.Name.Name}(", StringComparison.Ordinal));
        string? doubt = IsInDoubt(known.Name, known.Made) ?? (!isThere && _folded.Doubts.HasCascaded ? Partly : null);
        if (doubt is not null)
        {
            Unjudged(doubt);
        }
        else if (isThere)
        {
            _judged++;
        }
        else
        {
            Missing(CatalogKind.Function, known.Name with { Name = $"{known.Name.Name}()" });
        }
    }

    /// <summary>What there is and no migration made: too much only where the migrations make all that there is.</summary>
    private void Extras()
    {
        foreach (CatalogObject thing in _live.Objects.Values
            .Where(thing => IsCounted(thing) && !IsKnown(thing) && !_scope.LeavesOut(thing)))
        {
            if (_schema.NamesOthers || _schema.Relations.IsEmpty)
            {
                Unjudged(Older);
            }
            else if (_folded.Doubts.Names(Bare(thing)))
            {
                Unjudged(Named);
            }
            else if (thing.Has(CatalogFact.PartitionOf) || WasPartition(thing) || _folded.Doubts.HasImported)
            {
                Unjudged(Partly);
            }
            else
            {
                _judged++;
                _changes.Add(new CatalogChange(null, thing, []));
            }
        }
    }

    /// <summary>Whoever makes partitions by rote keeps detached ones, which have the columns of their table, or its name.</summary>
    private bool WasPartition(CatalogObject thing) => thing.Kind == CatalogKind.Table && _schema.Tables.Any(
        table => table.IsPartitioned && (thing.Name.Name.StartsWith($"{table.Name.Name}_", StringComparison.Ordinal)
            || table.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal).SetEquals(
                _parts[(thing.Name.Schema, thing.Name.Name)].Where(part => part.Kind == CatalogKind.Column)
                    .Select(part => part.Name.Name))));

    private bool IsKnown(CatalogObject thing)
    {
        ObjectName name = new(thing.Name.Schema, Bare(thing));
        return thing.Kind switch
        {
            CatalogKind.Enum => _schema.Types.ContainsKey(name),
            CatalogKind.Function or CatalogKind.Procedure => _folded.Doubts.Functions.Contains(name) || _schema.Functions.ContainsKey(name),
            _ => _schema.Relations.ContainsKey(name),
        };
    }

    private static bool IsCounted(CatalogObject thing) => thing.Kind is CatalogKind.Table or CatalogKind.ForeignTable or CatalogKind.View
        or CatalogKind.MaterializedView or CatalogKind.Enum or CatalogKind.Function or CatalogKind.Procedure;

    /// <summary>Without arguments.</summary>
    private static string Bare(CatalogObject thing) => thing[CatalogFact.Arguments] is { } arguments
        ? thing.Name.Name[..^(arguments.Length + 2)]
        : thing.Name.Name;

    private string? IsInDoubt(ObjectName name, Moment made) => (made == Moment.Before, _folded.Doubts.Names(name.Name)) switch
    {
        (true, _) => Older,
        (_, true) => Named,
        _ => null,
    };

    private bool IsAsked(ObjectName name) => name.Schema is { } schema && _live.Schemas.Contains(schema, StringComparer.Ordinal);

    private CatalogObject? Live(ObjectName name, CatalogKind[] kinds) =>
        kinds.Select(kind => _live[new CatalogName(kind, name.Schema, null, name.Name)]).FirstOrDefault(thing => thing is not null);

    private void Missing(CatalogKind kind, ObjectName name)
    {
        _judged++;
        _changes.Add(new CatalogChange(
            new CatalogObject(new CatalogName(kind, name.Schema, null, name.Name), ImmutableSortedDictionary<string, string>.Empty, []),
            null, []));
    }

    private void Unjudged(string reason) => _unjudged[reason] = _unjudged.GetValueOrDefault(reason) + 1;

    /// <summary>As quote_literal writes it.</summary>
    private static string Literal(string text)
    {
        string quoted = Sql.Literal(text);
        return text.Contains('\\', StringComparison.Ordinal) ? $"E{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}" : quoted;
    }
}
