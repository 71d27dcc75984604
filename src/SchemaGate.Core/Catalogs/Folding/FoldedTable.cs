using System.Collections.Immutable;
using System.Text;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>The parts of one table that is wholly known, beside those that it has.</summary>
/// <param name="folded">Where the table is from.</param>
/// <param name="table">What the migrations make of it.</param>
/// <param name="parts">What it has: all parts and indexes, but inherited ones.</param>
internal sealed class FoldedTable(FoldedSchema folded, KnownTable table, IReadOnlyList<CatalogObject> parts)
{
    /// <summary>Bytes of a name that may be one which the server made up and cut.</summary>
    private const int LongName = 56;

    private readonly List<CatalogChange> _changes = [];

    public IReadOnlyList<CatalogChange> Changes()
    {
        Columns();
        Constraints();
        Indexes();
        Attached(CatalogKind.Trigger, ObjectKind.Trigger);
        Attached(CatalogKind.Rule, ObjectKind.Rule);
        Attached(CatalogKind.Policy, ObjectKind.Policy);
        return _changes;
    }

    private void Columns()
    {
        Dictionary<string, CatalogObject> live = Of(CatalogKind.Column).ToDictionary(part => part.Name.Name, StringComparer.Ordinal);
        foreach (KnownColumn known in table.Columns)
        {
            ImmutableSortedDictionary<string, string>.Builder facts = Facts();
            if (!live.Remove(known.Name, out CatalogObject? column))
            {
                if (!MayHaveGone(known))
                {
                    Missing(CatalogKind.Column, known.Name, facts);
                }

                continue;
            }

            Fold(known, column, facts);
            Differ(column, facts, CatalogFact.Type, CatalogFact.NotNull, CatalogFact.Identity, CatalogFact.Default);
        }

        Extra(live.Values);
    }

    /// <summary>With its type or with what it is computed from, by CASCADE.</summary>
    private bool MayHaveGone(KnownColumn column) => folded.Doubts.HasCascadedFar || (folded.Doubts.HasCascaded
        && (column.Generated is not null || column.Type is null || FoldedType.Of(column.Type, folded.Schema) is null));

    /// <summary>What nobody knows is taken from the column that there is.</summary>
    private void Fold(KnownColumn known, CatalogObject column, ImmutableSortedDictionary<string, string>.Builder facts)
    {
        string? type = known.Type is null ? null : FoldedType.Of(known.Type, folded.Schema);
        string? live = column[CatalogFact.Type];
        Set(facts, CatalogFact.Type, type is null || type == FoldedType.Plain(live) ? live : type);
        Set(facts, CatalogFact.NotNull, known.NotNull ?? column.Has(CatalogFact.NotNull) ? "yes" : null);
        Set(facts, CatalogFact.Identity, (known.Identity, column[CatalogFact.Identity]) switch
        {
            (null, _) => null,
            (_, { } identity) => identity,
            (IdentityKind.Always, _) => "always",
            _ => "by default",
        });
        string? expression = column[CatalogFact.Default];
        Set(facts, CatalogFact.Default, (known.Identity is null ? known.HasDefault : false, expression) switch
        {
            (null, _) or (true, not null) => expression,
            (true, null) => folded.Doubts.HasCascaded ? null : "one",
            _ => null,
        });
    }

    private static void Set(ImmutableSortedDictionary<string, string>.Builder facts, string fact, string? value)
    {
        if (value is not null)
        {
            facts[fact] = value;
        }
    }

    /// <summary>By name; those whose names the server made up, by kind.</summary>
    private void Constraints()
    {
        List<CatalogObject> live = [.. Of(CatalogKind.Constraint).Where(part => part[CatalogFact.ConstraintType] != "not null")];
        List<KnownConstraint> unfound = [];
        foreach (KnownConstraint constraint in table.Constraints.Where(constraint => constraint.Definition is not NotNullConstraint))
        {
            // Of several whose names the server made up, all have the same name here, and all but one another there.
            string type = TypeOf(constraint.Definition);
            if (live.Find(part => part.Name.Name == constraint.Name && part[CatalogFact.ConstraintType] == type) is { } part)
            {
                live.Remove(part);
                CompareConstraint(constraint, part);
            }
            else
            {
                unfound.Add(constraint);
            }
        }

        foreach (KnownConstraint constraint in unfound.OrderBy(IsRedundant))
        {
            string type = TypeOf(constraint.Definition);
            CatalogObject? like = constraint.Definition.Name is null ? live.Find(part => part[CatalogFact.ConstraintType] == type) : null;
            if (like is not null)
            {
                live.Remove(like);
            }
            else if (!IsRedundant(constraint) && !MayHaveGone(constraint.Definition))
            {
                Missing(CatalogKind.Constraint, constraint.Name, Facts((CatalogFact.ConstraintType, type)));
            }
        }

        Extra(live);
    }

    /// <summary>Of keys that one statement gives the same columns, the server makes one (its transformIndexConstraints).</summary>
    private bool IsRedundant(KnownConstraint constraint) => constraint.Definition is UniqueConstraint unique
        && table.Constraints.Any(other => other != constraint && other.Definition is KeyConstraint key && key.Columns == unique.Columns);

    /// <summary>With what it stands on, by CASCADE.</summary>
    private bool MayHaveGone(Constraint constraint) => folded.Doubts.HasCascadedFar || (folded.Doubts.HasCascaded
        && (constraint is ForeignKeyConstraint or CheckConstraint || ActionFold.ColumnsOf(constraint).Any(column => !Of(CatalogKind.Column)
            .Any(part => part.Name.Name == column))));

    private void CompareConstraint(KnownConstraint known, CatalogObject part)
    {
        string definition = part[CatalogFact.Definition] ?? "";
        bool isInvalid = known.IsValid && definition.EndsWith(" NOT VALID", StringComparison.Ordinal);
        Differ(
            part,
            Facts(
                (CatalogFact.ConstraintType, TypeOf(known.Definition)),
                (CatalogFact.Definition, isInvalid ? definition[..^" NOT VALID".Length] : definition)),
            CatalogFact.ConstraintType, CatalogFact.Definition);
    }

    /// <summary>By name; those whose names the server may have made up, by what they are of. Constraints tell of their own.</summary>
    private void Indexes()
    {
        List<CatalogObject> live = [.. Of(CatalogKind.Index).Where(part => !part.Has(CatalogFact.OfConstraint))];
        List<KnownIndex> unfound = [];
        foreach (KnownIndex index in OwnIndexes())
        {
            if (live.Find(part => part.Name.Name == index.Name) is not { } part)
            {
                unfound.Add(index);
                continue;
            }

            live.Remove(part);
            string definition = part[CatalogFact.Definition] ?? "";
            Differ(
                part, Facts((CatalogFact.Definition, IsLike(index, part) ? definition : Words(index))), CatalogFact.Definition,
                CatalogFact.Valid);
        }

        foreach (KnownIndex index in unfound)
        {
            bool mayBeMadeUp = index.Name.EndsWith("_idx", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(index.Name) > LongName;
            CatalogObject? like = mayBeMadeUp ? live.Find(part => IsLike(index, part)) : null;
            if (like is not null)
            {
                live.Remove(like);
            }
            else if (!folded.Doubts.HasCascaded && !(mayBeMadeUp && folded.Doubts.HasUnknownIndex))
            {
                Missing(CatalogKind.Index, index.Name, Facts((CatalogFact.Definition, Words(index))));
            }
        }

        Extra(live);
    }

    /// <summary>Those of no constraint. One that has the name which the server makes up for a later key is older than the key's.</summary>
    private IEnumerable<KnownIndex> OwnIndexes()
    {
        Dictionary<string, int> keys = table.Constraints
            .Where(constraint => constraint.Definition is KeyConstraint or ExclusionConstraint)
            .CountBy(constraint => constraint.Name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return table.Indexes.Reverse().Where(index => (keys[index.Name] = keys.GetValueOrDefault(index.Name) - 1) < 0).Reverse();
    }

    /// <summary>A column in parentheses is an expression to the parser, and none to the server.</summary>
    private static bool IsLike(KnownIndex known, CatalogObject part) =>
        IndexText.Of(part[CatalogFact.Definition] ?? "") is not { } text
        || (text.Unique == known.Unique && text.HasWhere == known.HasWhere && text.Columns.Count == known.Columns.Count
            && text.Columns.Zip(known.Columns).All(keys => keys.Second is null || keys.First == keys.Second));

    private static string Words(KnownIndex index) =>
        $"{(index.Unique ? "UNIQUE " : "")}({string.Join(", ", index.Columns.Select(column => column ?? "an expression"))})"
        + (index.HasWhere ? " WHERE …" : "");

    private void Attached(CatalogKind kind, ObjectKind known)
    {
        List<CatalogObject> live = [.. Of(kind)];
        foreach ((ObjectKind _, string name) in table.Attached.Where(part => part.Kind == known))
        {
            if (live.RemoveAll(part => part.Name.Name == name) == 0 && !folded.Doubts.HasCascaded)
            {
                Missing(kind, name, Facts());
            }
        }

        Extra(live);
    }

    private IEnumerable<CatalogObject> Of(CatalogKind kind) => parts.Where(part => part.Kind == kind);

    private void Missing(CatalogKind kind, string name, ImmutableSortedDictionary<string, string>.Builder facts)
    {
        if (!IsInDoubt(kind, name))
        {
            CatalogName full = new(kind, table.Name.Schema, kind == CatalogKind.Index ? null : table.Name.Name, name);
            facts[CatalogFact.Table] = QuotedName.Of(table.Name.Schema ?? "", table.Name.Name);
            _changes.Add(new CatalogChange(new CatalogObject(full, facts.ToImmutable(), []), null, []));
        }
    }

    /// <summary>Too much; of what no migration needs to tell, only where they tell all.</summary>
    private void Extra(IEnumerable<CatalogObject> live) =>
        _changes.AddRange(live.Where(part => (folded.IsWhole || part.Kind == CatalogKind.Column)
            && !IsInDoubt(part.Kind, part.Name.Name) && !Upkeep.Makes(part))
            .Select(part => new CatalogChange(null, part, [])));

    /// <summary>Whatever changes a part names its table, which is named nowhere; DROP INDEX need not.</summary>
    private bool IsInDoubt(CatalogKind kind, string name) => kind == CatalogKind.Index && folded.Doubts.Names(name);

    private void Differ(CatalogObject part, ImmutableSortedDictionary<string, string>.Builder facts, params string[] compared)
    {
        ImmutableArray<string> differing = [.. compared.Where(fact => facts.GetValueOrDefault(fact) != part[fact])
            .Order(StringComparer.Ordinal)];
        if (!differing.IsEmpty)
        {
            _changes.Add(new CatalogChange(part with { Facts = facts.ToImmutable() }, part, differing));
        }
    }

    private static string TypeOf(Constraint constraint) => constraint switch
    {
        CheckConstraint => "check",
        UniqueConstraint => "unique",
        PrimaryKeyConstraint => "primary key",
        ForeignKeyConstraint => "foreign key",
        ExclusionConstraint => "exclude",
        _ => "not null",
    };

    private static ImmutableSortedDictionary<string, string>.Builder Facts(params (string Fact, string Value)[] facts)
    {
        ImmutableSortedDictionary<string, string>.Builder all = ImmutableSortedDictionary.CreateBuilder<string, string>(
            StringComparer.Ordinal);
        all.AddRange(facts.Select(fact => KeyValuePair.Create(fact.Fact, fact.Value)));
        return all;
    }
}
