using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>
/// The schema as it will be when a statement runs, folded from the facts of everything before it. It is never more than what the migrations
/// tell: a relation that is missing here may exist, and where <see cref="IsComplete"/> is false, so may anything.
/// </summary>
internal sealed record KnownSchema
{
    private const string Temporary = "pg_temp";

    private const int DeepestDomain = 32;

    public static KnownSchema Empty { get; } = new();

    public ImmutableDictionary<ObjectName, KnownRelation> Relations { get; init; } = ImmutableDictionary<ObjectName, KnownRelation>.Empty;

    public ImmutableDictionary<ObjectName, KnownType> Types { get; init; } = ImmutableDictionary<ObjectName, KnownType>.Empty;

    public ImmutableDictionary<ObjectName, KnownFunction> Functions { get; init; } = ImmutableDictionary<ObjectName, KnownFunction>.Empty;

    /// <summary>What SET said in this session.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary.Create<string, string>(
        StringComparer.Ordinal);

    /// <summary>
    /// False once a statement ran that nobody can read: a DO block, a procedure, syntax newer than the parser; and from the beginning where
    /// the set is not whole.
    /// </summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>A statement has named a relation that no migration made: the set does not begin where the schema does.</summary>
    public bool NamesOthers { get; init; }

    /// <summary>All that there is, as far as anything tells: what is missing here does not exist.</summary>
    public bool IsWhole => IsComplete && !NamesOthers && !Relations.IsEmpty;

    /// <summary>
    /// Where to look: the tables whose partition bounds or foreign keys have named a table, by that table; the tables of indexes by the
    /// index's name; the temporary tables. What stands here may be gone or be another's by now.
    /// </summary>
    private ImmutableDictionary<ObjectName, ImmutableHashSet<ObjectName>> Children { get; init; } =
        ImmutableDictionary<ObjectName, ImmutableHashSet<ObjectName>>.Empty;

    private ImmutableDictionary<ObjectName, ObjectName> IndexOwners { get; init; } = ImmutableDictionary<ObjectName, ObjectName>.Empty;

    private ImmutableHashSet<ObjectName> Temporaries { get; init; } = [];

    /// <summary>When an enum last got a value.</summary>
    public Moment EnumChanged { get; init; } = Moment.Before;

    /// <summary>When a column whose old type nobody tells last became an enum: the old one may be any.</summary>
    public Moment UntoldSwap { get; init; } = Moment.Before;

    /// <summary>When the statement that is judged runs.</summary>
    public Moment Now { get; init; }

    /// <summary>The schema of names without one: the first of search_path.</summary>
    public string SearchSchema { get; init; } = "public";

    public IEnumerable<KnownTable> Tables => Relations.Values.OfType<KnownTable>();

    /// <summary>A name with its schema.</summary>
    public ObjectName Resolve(ObjectName name)
    {
        if (name.Schema is not null)
        {
            return name;
        }

        return !Temporaries.IsEmpty && ResolveTemporary(name) is var temporary && Relations.ContainsKey(temporary)
            ? temporary
            : name with { Schema = SearchSchema };
    }

    /// <summary>What a statement, which has led to this from the schema before it, names.</summary>
    public KnownSchema Naming(Statement statement, KnownSchema before)
    {
        for (int index = 0; index < statement.Relations.Count && !NamesOthers; index++)
        {
            ObjectName name = statement.Relations[index];
            if (!IsSystem(name) && !Has(name) && !before.Has(name) && before.Index(name) is null)
            {
                return this with { NamesOthers = true };
            }
        }

        return this;
    }

    /// <summary>A migration has made it.</summary>
    private bool Has(ObjectName name) => Relations.TryGetValue(Resolve(name), out KnownRelation? known) && known.Made != Moment.Before;

    private static bool IsSystem(ObjectName name) =>
        name.Name.StartsWith("pg_", StringComparison.Ordinal) || name is { Schema: "information_schema" } or { Name: "_prisma_migrations" };

    public static ObjectName ResolveTemporary(ObjectName name) => name with { Schema = Temporary };

    public KnownTable Table(ObjectName name) => FindTable(name) ?? KnownTable.Unknown(Resolve(name));

    public KnownTable? FindTable(ObjectName name) => Relations.GetValueOrDefault(Resolve(name)) as KnownTable;

    /// <summary>Nobody waits for its locks: it was made in this migration, or is temporary.</summary>
    public bool IsExempt(ObjectName name) => Relations.GetValueOrDefault(Resolve(name)) switch
    {
        KnownTable { Persistence: Persistence.Temporary } => true,
        { } relation => IsNew(relation.Made),
        null => false,
    };

    public bool IsNew(Moment made) => made.Migration == Now.Migration;

    public bool IsInThisTransaction(Moment made) => made == Now;

    /// <summary>The foreign keys that reference a table, with the tables that have them.</summary>
    public IEnumerable<(KnownTable Table, KnownConstraint Constraint)> ReferencesTo(ObjectName name)
    {
        ObjectName parent = Resolve(name);
        return ChildrenOf(parent).SelectMany(table => table.Constraints
            .Where(constraint => constraint.Definition is ForeignKeyConstraint key && key.Table == parent)
            .Select(constraint => (table, constraint)));
    }

    public IEnumerable<KnownTable> PartitionsOf(ObjectName name)
    {
        ObjectName parent = Resolve(name);
        return ChildrenOf(parent).Where(table => table.PartitionOf == parent);
    }

    /// <summary>In the order of their names: a hash's is another in each process.</summary>
    private IEnumerable<KnownTable> ChildrenOf(ObjectName parent) =>
        !Children.TryGetValue(parent, out ImmutableHashSet<ObjectName>? children) ? [] :
        children.Select(child => Relations.GetValueOrDefault(child)).OfType<KnownTable>()
            .OrderBy(table => table.Name.ToString(), StringComparer.Ordinal);

    /// <summary>The type of that name, if a migration made it.</summary>
    public KnownType? Type(TypeName type) => Type(new ObjectName(type.Schema, type.Name));

    /// <summary>The type of that name, or what it is a domain of.</summary>
    public KnownType? BaseType(TypeName type) => Type(Base(type));

    /// <summary>What a type is a domain of, and that in turn; the type itself where it is none.</summary>
    public TypeName Base(TypeName type)
    {
        // No server makes domains of each other; text may say so.
        for (int depth = 0; depth < DeepestDomain && Type(type) is KnownDomain domain; depth++)
        {
            type = domain.Type;
        }

        return type;
    }

    public KnownType? Type(ObjectName name) => Types.GetValueOrDefault(name.Schema is null ? name with { Schema = SearchSchema } : name);

    /// <summary>The table (or materialized view) that has the index.</summary>
    public (KnownRelation Owner, KnownIndex Index)? Index(ObjectName name)
    {
        ObjectName[] places = name.Schema is null ? [ResolveTemporary(name), name with { Schema = SearchSchema }] : [name];
        foreach (ObjectName place in places)
        {
            if (IndexOwners.TryGetValue(place, out ObjectName? owner) && Relations.GetValueOrDefault(owner) is { } relation
                && IndexesOf(relation).FirstOrDefault(index => index.Name == name.Name) is { } index)
            {
                return (relation, index);
            }
        }

        return null;
    }

    public KnownFunction? Function(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return Functions.GetValueOrDefault(dot < 0 ? new ObjectName(SearchSchema, name) : new ObjectName(name[..dot], name[(dot + 1)..]));
    }

    public KnownSchema With(KnownRelation relation)
    {
        KnownRelation? before = Relations.GetValueOrDefault(relation.Name);
        (KnownTable? table, KnownTable? was) = (relation as KnownTable, before as KnownTable);
        IEnumerable<ObjectName> named = Changed(was?.Constraints ?? [], table?.Constraints ?? [])
            .Select(constraint => constraint.Definition)
            .OfType<ForeignKeyConstraint>().Select(key => key.Table).Append(table?.PartitionOf).OfType<ObjectName>();
        return this with
        {
            Relations = Relations.SetItem(relation.Name, relation),
            Children = named.Aggregate(
                Children, (children, parent) => children.SetItem(parent, children.GetValueOrDefault(parent, []).Add(relation.Name))),
            IndexOwners = Changed(IndexesOf(before), IndexesOf(relation)).Aggregate(
                IndexOwners, (owners, index) => owners.SetItem(relation.Name with { Name = index.Name }, relation.Name)),
            Temporaries = relation.Name.Schema == Temporary || table is { Persistence: Persistence.Temporary }
                ? Temporaries.Add(relation.Name)
                : Temporaries,
        };
    }

    /// <summary>Without the temporary tables.</summary>
    public KnownSchema WithoutTemporaries()
    {
        ObjectName[] gone = [.. Temporaries.Where(
            name => Relations.GetValueOrDefault(name) is KnownTable { Persistence: Persistence.Temporary })];
        return gone.Length == 0 ? this : this with { Relations = Relations.RemoveRange(gone), Temporaries = Temporaries.Except(gone) };
    }

    /// <summary>
    /// What a list has that an earlier one had not, and perhaps more: a table may have a thousand parts, and a statement changes one.
    /// </summary>
    private static ImmutableArray<T> Changed<T>(ImmutableArray<T> before, ImmutableArray<T> now)
        where T : class
    {
        int shorter = Math.Min(before.Length, now.Length);
        int first = 0;
        while (first < shorter && ReferenceEquals(before[first], now[first]))
        {
            first++;
        }

        int same = 0;
        while (same < shorter - first && ReferenceEquals(before[^(same + 1)], now[^(same + 1)]))
        {
            same++;
        }

        return now.Slice(first, now.Length - first - same);
    }

    private static ImmutableArray<KnownIndex> IndexesOf(KnownRelation? relation) =>
        relation switch { KnownTable table => table.Indexes, KnownView view => view.Indexes, _ => [] };

    public KnownSchema With(KnownType type) => this with { Types = Types.SetItem(type.Name, type) };
}
