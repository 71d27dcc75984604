using System.Collections.Immutable;
namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The statements of a plan in their order.</summary>
internal sealed class MendStatements
{
    private readonly MendSides _sides;
    private readonly Making _making;
    private readonly Unmaking _unmaking;
    private readonly Altering _altering;
    private readonly Finishing _finishing;
    private readonly Joining _joining;
    private readonly MendOrder _order;
    private readonly ILookup<string, CatalogName> _sequences;

    public MendStatements(MendSides sides)
    {
        (_sides, _making, _unmaking) = (sides, new(sides), new(sides));
        (_altering, _finishing, _joining) = (new(sides), new(sides), new(sides));
        _order = new(sides, _making, _unmaking);
        _sequences = sides.From.Catalog.Objects.Values.Where(item => item.Has(CatalogFact.IdentitySequence))
            .ToLookup(item => item[CatalogFact.IdentitySequence]!, item => item.Name, StringComparer.Ordinal);
    }

    private Fates Fates => _sides.Fates;

    public ImmutableArray<MendStatement> All()
    {
        IReadOnlyList<CatalogObject> unmaking = _order.Unmaking, making = _order.Making;
        ILookup<bool, CatalogObject> last = making.ToLookup(item => IsForeignKey(item) || NotNulls.ComesLast(_sides.To, item));
        ImmutableArray<MendStatement> statements =
        [
            .. unmaking.Where(IsForeignKey).SelectMany(_unmaking.Of).Select(AfterDependents), .. unmaking.SelectMany(_unmaking.Loosened),
            .. unmaking.Where(item => !IsForeignKey(item)).SelectMany(_unmaking.Of).Select(AfterDependents),
            .. last[false].SelectMany(Made).Select(AfterNeeds),
            .. making.OrderBy(IsNoIndex).SelectMany(Joined).Select(AfterNeeds),
            .. making.Where(IsAttached).SelectMany(item => Finished(null, item)).Select(AfterNeeds),
            .. last[true].SelectMany(Made).Select(AfterNeeds), .. unmaking.SelectMany(Replaced),
        ];
        return statements.Any(statement => statement.Sql.StartsWith("CREATE OR REPLACE", StringComparison.Ordinal))
            ? [Setting("SET check_function_bodies = off;"), .. statements, Setting("RESET check_function_bodies;")]
            : statements;
    }

    /// <summary>Nothing needs one, and one may be in the way of a partition of the table that it refers to.</summary>
    private static bool IsForeignKey(CatalogObject item) => item[CatalogFact.ConstraintType] == "foreign key";

    /// <summary>
    /// Indexes are joined first: a partition that has partitions itself is valid as such only with theirs, and PostgreSQL 13 gives one that
    /// is not another primary key.
    /// </summary>
    private static bool IsNoIndex(CatalogObject item) => item.Kind != CatalogKind.Index;

    /// <summary>A trigger that a table gives to its partition, and the partitions of that, when it is attached.</summary>
    private bool IsAttached(CatalogObject item) => item.Kind == CatalogKind.Trigger && _sides.To.Giver(item) is { } giver
        && _sides.To.Owner(item.Name) is { } table && (_sides.IsAttached(table) || IsAttached(giver));

    private static MendStatement Setting(string sql) =>
        MendStatement.Plain(new(CatalogKind.Other, null, null, "check_function_bodies"), sql);

    private IEnumerable<MendStatement> Made(CatalogObject to)
    {
        CatalogObject? from = _sides.From[to.Name];
        return Fates[to.Name] switch
        {
            _ when IsAttached(to) => [],
            Fate.Made or Fate.Remade =>
                _making.Of(to).Select(sql => Noted(to, MendStatement.Plain(to.Name, sql))).Concat(Finished(null, to)),
            Fate.Altered => _altering.Of(from!, to).Select(statement => Noted(to, statement)).Concat(Finished(from, to)),
            _ => [],
        };
    }

    private IEnumerable<MendStatement> Joined(CatalogObject item) =>
        _joining.Of(item).Select(sql => MendStatement.Plain(item.Name, sql));

    private IEnumerable<MendStatement> Finished(CatalogObject? from, CatalogObject to) =>
        _finishing.Of(from, to).Select(sql => MendStatement.Plain(to.Name, sql));

    /// <summary>What is worth knowing of a statement on a table that has rows.</summary>
    private MendStatement Noted(CatalogObject item, MendStatement statement)
    {
        bool isThere = _sides.To.TableOf(item) is { } table && !Fates.Comes(table.Name);
        if (statement.Sql.Contains(" ADD VALUE ", StringComparison.Ordinal) && item.Kind == CatalogKind.Enum)
        {
            return statement with { OutsideTransaction = IsUsed(item) };
        }

        return !isThere ? statement : (item.Kind, statement.Sql) switch
        {
            (CatalogKind.Index, var sql) when sql.StartsWith("CREATE", StringComparison.Ordinal) => statement with
            {
                Note = "Holds writes while it is built. On a table that serves: CREATE INDEX CONCURRENTLY, in a migration of its own.",
            },
            (CatalogKind.Column, var sql) when sql.Contains(" ADD COLUMN ", StringComparison.Ordinal) && NeedsValue(item) => statement with
            {
                Note = "Fails where the table has rows: add it with a default, or fill it before it is NOT NULL.",
            },
            _ => statement,
        };
    }

    private static bool NeedsValue(CatalogObject column) =>
        column.Has(CatalogFact.NotNull) && !column.Has(CatalogFact.Default) && !column.Has(CatalogFact.Identity);

    /// <summary>Whether something that this plan writes names a label that it adds.</summary>
    private bool IsUsed(CatalogObject type)
    {
        string[] added = [.. EnumLabels.Of(type).Except(EnumLabels.Of(_sides.From[type.Name]!), StringComparer.Ordinal)];
        return _sides.To.Dependents(type.Name).Where(name => Fates[name] != Fate.Stays)
            .Select(name => _sides.To[name]!)
            .Any(item => item.Facts.Values.Any(fact => added.Any(label => fact.Contains(label, StringComparison.Ordinal))));
    }

    /// <summary>What columns have had until they have another type or collation.</summary>
    private IEnumerable<MendStatement> Replaced(CatalogObject from)
    {
        bool isSwapped = _sides.IsSwapped(from.Name);
        if (isSwapped || _sides.IsDroppedLast(from.Name))
        {
            string name = isSwapped ? SqlNames.Qualified(from.Name.Schema, _sides.OldName(from.Name)) : SqlNames.Of(from.Name);
            yield return AfterNeeds(MendStatement.Plain(from.Name, $"DROP {SqlNames.Word(from.Kind)} {name};")) with
            {
                Destroys = !isSwapped,
                Requires = [.. _sides.From.Dependents(from.Name)],
            };
        }
    }

    private MendStatement AfterDependents(MendStatement statement) =>
        statement with { Requires = [.. _order.After(statement.Of), .. Parts(statement.Of).SelectMany(_order.After).Distinct()] };

    private IEnumerable<CatalogName> Parts(CatalogName whole) =>
        _sides.From.Dependents(whole).Where(name => _sides.From.Owner(name)?.Name == whole);

    /// <summary>What it needs, what is in its way, and who has its name.</summary>
    private MendStatement AfterNeeds(MendStatement statement) => statement with
    {
        Requires = [.. _order.Before(statement.Of).SelectMany(Within), .. _sides.From.Dependents(statement.Of).Where(Fates.Goes),
            .. IdentityOf(statement.Of),
            .. Enum.GetValues<CatalogKind>().Select(kind => statement.Of with { Kind = kind })
                .Where(name => name != statement.Of && Fates.Goes(name)), .. Namesakes(statement.Of), .. SequenceNamesakes(statement.Of)],
    };

    /// <summary>The index, or its constraint, that a table names as its replica identity.</summary>
    private CatalogName[] IdentityOf(CatalogName table) =>
        table.Kind == CatalogKind.Table && _sides.To[table]?[CatalogFact.ReplicaIdentity] is { } identity
            && _sides.To[new(CatalogKind.Index, table.Schema, null, identity)] is { } index
            ? [index.Name, _sides.To.Canonical(index.Name)]
            : [];

    /// <summary>A column that stands in its table's statement has none of its own.</summary>
    private CatalogName[] Within(CatalogName name) =>
        name.Kind == CatalogKind.Column && _sides.To[name] is { } column && _making.IsInline(column)
            ? [name, _sides.To.Owner(name)!.Name]
            : [name];

    /// <summary>The table or constraint whose index has the name of this index, or of this constraint's; so of statistics.</summary>
    private IEnumerable<CatalogName> Namesakes(CatalogName name)
    {
        CatalogObject? index = name.Kind is CatalogKind.Index or CatalogKind.Statistics ? _sides.To[name] : _sides.To.IndexOf(name);
        return index is not null && _sides.From[index.Name] is { } old && _sides.From.TableOf(old) is { } table
            ? new[] { table.Name, _sides.From.Canonical(old.Name) }.Where(other => other != name && Fates.Goes(other))
            : [];
    }

    /// <summary>The columns, and their tables, whose identities have sequences of the names that these are to have.</summary>
    private IEnumerable<CatalogName> SequenceNamesakes(CatalogName name) => _sides.To.Columns(name).Append(_sides.To[name])
        .Select(item => item?.Kind == CatalogKind.Sequence ? SqlNames.Of(item.Name) : item?[CatalogFact.IdentitySequence])
        .OfType<string>().SelectMany(sequence => _sequences[sequence])
        .SelectMany(column => new[] { column, _sides.From.Owner(column)!.Name })
        .Where(other => other != name && (Fates.Goes(other) || LosesSequence(other)));

    private bool LosesSequence(CatalogName column) => Fates.Differs(column, CatalogFact.IdentitySequence)
        || (_sides.From[column] is { } from && _sides.To[column] is { } to
            && _sides.From.HasOwnIdentity(from) && !_sides.To.HasOwnIdentity(to));
}
