using System.Collections.Immutable;
using SchemaGate.Core.Catalogs;

namespace SchemaGate.Postgres.Introspection;

/// <summary>Makes a catalog of rows, which know each other by address.</summary>
internal sealed class CatalogAssembly
{
    /// <summary>An array of a range's multirange of a table's rows is three steps from the table.</summary>
    private const int MostSteps = 8;

    private readonly Dictionary<CatalogAddress, CatalogName> _names = [];
    private readonly Dictionary<CatalogAddress, CatalogAddress> _aliases = [];
    private readonly Dictionary<CatalogName, ImmutableSortedDictionary<string, string>.Builder> _facts = [];
    private readonly Dictionary<CatalogName, SortedSet<CatalogName>> _needs = [];
    private readonly Dictionary<(string? Schema, string Name), CatalogName> _owners = [];

    public ImmutableSortedDictionary<string, string>.Builder Add(CatalogAddress address, CatalogName name)
    {
        _names[address] = name;
        if (name.Kind is CatalogKind.Table or CatalogKind.ForeignTable or CatalogKind.View or CatalogKind.MaterializedView
            or CatalogKind.Domain)
        {
            _owners[(name.Schema, name.Name)] = name;
        }

        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(
            StringComparer.Ordinal);
        _facts[name] = facts;
        return facts;
    }

    public void Comment(CatalogAddress address, string text)
    {
        if (_names.TryGetValue(address, out CatalogName? name) && text.Length > 0 && !IsInitial(name, text))
        {
            _facts[name][CatalogFact.Comment] = text;
        }
    }

    public void Grant(CatalogAddress address, string text)
    {
        if (_names.TryGetValue(address, out CatalogName? name) && text != CatalogGrants.Default(name.Kind))
        {
            _facts[name][CatalogFact.Grants] = text;
        }
    }

    public void Alias(CatalogAddress address, CatalogAddress whole) => _aliases[address] = whole;

    public void Need(CatalogAddress whose, CatalogAddress what)
    {
        if (Find(whose) is { } name && Find(what) is { } needed && name != needed)
        {
            Need(name, needed);
        }
    }

    /// <summary>All that was added, each with what it is a part of among its needs.</summary>
    public Catalog Build(int serverVersion, IReadOnlyList<string> schemas)
    {
        foreach (CatalogName name in _facts.Keys)
        {
            if (name.Owner is not null && _owners.TryGetValue((name.Schema, name.Owner), out CatalogName? owner))
            {
                Need(name, owner);
            }
        }

        ImmutableSortedDictionary<CatalogName, CatalogObject>.Builder objects =
            ImmutableSortedDictionary.CreateBuilder<CatalogName, CatalogObject>(CatalogName.Order);
        objects.AddRange(_facts.Select(entry => KeyValuePair.Create(entry.Key, new CatalogObject(
            entry.Key, entry.Value.ToImmutable(), _needs.TryGetValue(entry.Key, out SortedSet<CatalogName>? needs) ? [.. needs] : []))));
        return new Catalog(serverVersion, [.. schemas], objects.ToImmutable());
    }

    private void Need(CatalogName name, CatalogName needed)
    {
        if (!_needs.TryGetValue(name, out SortedSet<CatalogName>? needs))
        {
            _needs[name] = needs = new SortedSet<CatalogName>(CatalogName.Order);
        }

        needs.Add(needed);
    }

    /// <summary>What an address is, or is a part of. Who needs a view's column needs the view, which makes it.</summary>
    private CatalogName? Find(CatalogAddress address)
    {
        for (int steps = 0; steps < MostSteps; steps++)
        {
            if (_names.TryGetValue(address, out CatalogName? name) || _names.TryGetValue(address.Whole, out name))
            {
                return name.Kind == CatalogKind.Column && _owners[(name.Schema, name.Owner!)] is var owner && owner.IsView ? owner : name;
            }

            if (!_aliases.TryGetValue(address.Whole, out address))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The server's own comment, which a schema that was made anew has not.</summary>
    private static bool IsInitial(CatalogName name, string comment) => name is { Kind: CatalogKind.Schema, Name: "public" }
        && comment == "standard public schema";
}
