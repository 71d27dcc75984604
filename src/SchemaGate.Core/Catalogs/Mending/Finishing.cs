using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What is said of an object once it is there: flags, comment, privileges.</summary>
internal sealed class Finishing(MendSides sides)
{
    /// <param name="from">Null where the object has just been made.</param>
    /// <param name="to">What it is to be.</param>
    public IEnumerable<string> Of(CatalogObject? from, CatalogObject to)
    {
        IEnumerable<string> flags = to.Kind switch
        {
            CatalogKind.Table => RowSecurity(from, to),
            CatalogKind.Rule or CatalogKind.Trigger => Enabled(from, to),
            CatalogKind.Index or CatalogKind.Statistics => Targets(from, to),
            _ => [],
        };
        return [.. flags, .. Comment(from, to), .. Grants(from, to)];
    }

    private static IEnumerable<string> RowSecurity(CatalogObject? from, CatalogObject to)
    {
        string table = $"ALTER TABLE {SqlNames.Of(to.Name)}";
        if (Has(from, CatalogFact.RowSecurity) != to.Has(CatalogFact.RowSecurity))
        {
            yield return $"{table} {(to.Has(CatalogFact.RowSecurity) ? "ENABLE" : "DISABLE")} ROW LEVEL SECURITY;";
        }

        if (Has(from, CatalogFact.ForceRowSecurity) != to.Has(CatalogFact.ForceRowSecurity))
        {
            yield return $"{table} {(to.Has(CatalogFact.ForceRowSecurity) ? "FORCE" : "NO FORCE")} ROW LEVEL SECURITY;";
        }
    }

    private static IEnumerable<string> Enabled(CatalogObject? from, CatalogObject to)
    {
        if (from?[CatalogFact.Enabled] == to[CatalogFact.Enabled])
        {
            return [];
        }

        string word = to[CatalogFact.Enabled] switch
        {
            "disabled" => "DISABLE",
            "replica" => "ENABLE REPLICA",
            "always" => "ENABLE ALWAYS",
            _ => "ENABLE",
        };
        return [$"ALTER TABLE {SqlNames.Owner(to.Name)} {word} {SqlNames.Word(to.Kind)} {SqlNames.Of(to.Name)};"];
    }

    /// <summary>An index has one for each column of it that has its own: <c>1=100, 2=50</c>.</summary>
    private static IEnumerable<string> Targets(CatalogObject? from, CatalogObject to)
    {
        (string? before, string? after) = (from?[CatalogFact.StatisticsTarget], to[CatalogFact.StatisticsTarget]);
        if (before == after)
        {
            return [];
        }

        if (to.Kind == CatalogKind.Statistics)
        {
            return [$"ALTER STATISTICS {SqlNames.Of(to.Name)} SET STATISTICS {after ?? "-1"};"];
        }

        Dictionary<string, string> old = Pairs(before), now = Pairs(after);
        return old.Keys.Union(now.Keys, StringComparer.Ordinal)
            .Where(column => old.GetValueOrDefault(column) != now.GetValueOrDefault(column))
            .Select(column => $"ALTER COLUMN {column} SET STATISTICS {now.GetValueOrDefault(column, "-1")}")
            .Select(action => $"ALTER INDEX {SqlNames.Of(to.Name)} {action};");
    }

    private IEnumerable<string> Comment(CatalogObject? from, CatalogObject to)
    {
        (string? before, string? after) = (from?[CatalogFact.Comment], to[CatalogFact.Comment]);
        string text = after is null ? "NULL" : Sql.Literal(after);
        return before == after ? [] : [$"COMMENT ON {SqlNames.Commented(to.Name, sides.To.OfDomain(to.Name))} IS {text};"];
    }

    /// <summary>What is made again gets back what it had, unless that is to change: people grant reading roles by hand.</summary>
    private IEnumerable<string> Grants(CatalogObject? from, CatalogObject to)
    {
        bool differs = sides.Fates.Differs(to.Name, CatalogFact.Grants);
        if (from is not null)
        {
            return differs ? Privileges.Statements(from, to) : [];
        }

        string? had = differs ? null : sides.From[to.Name]?[CatalogFact.Grants];
        return Privileges.Statements(null, had is null ? to : to with { Facts = to.Facts.SetItem(CatalogFact.Grants, had) });
    }

    private static bool Has(CatalogObject? item, string fact) => item?.Has(fact) == true;

    private static Dictionary<string, string> Pairs(string? text) => (text ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
