using SchemaGate.Core.Changelogs.Drafting;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>The statements that change an object in place, but for what is said of any object.</summary>
internal sealed class Altering(MendSides sides)
{
    private Fates Fates => sides.Fates;

    public IEnumerable<MendStatement> Of(CatalogObject from, CatalogObject to)
    {
        string name = SqlNames.Of(to.Name);
        return to.Kind switch
        {
            CatalogKind.Column => new ColumnAltering(sides, from, to).Statements(),
            CatalogKind.Enum => EnumLabels.Added(from, to).Select(sql => MendStatement.Plain(to.Name, sql)),
            CatalogKind.CompositeType => (CompositeAttributes.Changed(from, to) ?? []).Select(sql =>
                MendStatement.Plain(to.Name, sql) with { Destroys = sql.Contains(" DROP ATTRIBUTE ", StringComparison.Ordinal) }),
            CatalogKind.Function or CatalogKind.Procedure when Differs(to, CatalogFact.Definition) =>
                [MendStatement.Plain(to.Name, $"{to[CatalogFact.Definition]!.TrimEnd()};")],
            CatalogKind.Constraint when Differs(to, CatalogFact.Definition) =>
                [MendStatement.Plain(to.Name, $"ALTER TABLE {SqlNames.Owner(to.Name)} VALIDATE CONSTRAINT {name};")],
            CatalogKind.Sequence when Differs(to, CatalogFact.SequenceOptions) => SequenceClauses.Within(from, to).Concat(Actions(from, to)
                .Select(action => $"ALTER SEQUENCE {name} {action};")).Select(sql => MendStatement.Plain(to.Name, sql)),
            _ => Actions(from, to).Select(action => MendStatement.Plain(to.Name, $"ALTER {SqlNames.Word(to.Kind)} {name} {action};")),
        };
    }

    private IEnumerable<string> Actions(CatalogObject from, CatalogObject to) => to.Kind switch
    {
        CatalogKind.Table => Table(from, to),
        CatalogKind.Sequence => Sequence(to),
        CatalogKind.Domain => Domain(from, to),
        CatalogKind.View or CatalogKind.MaterializedView => StorageOptions.Changed(from, to),
        CatalogKind.Publication => Publication(to),
        CatalogKind.Extension => Extension(to),
        _ => [],
    };

    private IEnumerable<string> Table(CatalogObject from, CatalogObject to)
    {
        if (Differs(to, CatalogFact.Persistence))
        {
            yield return to.Has(CatalogFact.Persistence) ? "SET UNLOGGED" : "SET LOGGED";
        }

        foreach (string action in StorageOptions.Changed(from, to))
        {
            yield return action;
        }

        if (Differs(to, CatalogFact.OfType) && from.Has(CatalogFact.OfType) && !to.Has(CatalogFact.OfType))
        {
            yield return "NOT OF";
        }
    }

    private IEnumerable<string> Sequence(CatalogObject to)
    {
        if (Differs(to, CatalogFact.Type) || Differs(to, CatalogFact.SequenceOptions))
        {
            yield return $"AS {to[CatalogFact.Type] ?? "bigint"} {string.Join(' ', SequenceClauses.All(to[CatalogFact.SequenceOptions]))}";
        }

        if (Differs(to, CatalogFact.Persistence))
        {
            yield return to.Has(CatalogFact.Persistence) ? "SET UNLOGGED" : "SET LOGGED";
        }
    }

    private IEnumerable<string> Domain(CatalogObject from, CatalogObject to)
    {
        if (Differs(to, CatalogFact.Default))
        {
            yield return to[CatalogFact.Default] is { } expression ? $"SET DEFAULT {expression}" : "DROP DEFAULT";
        }

        bool isNamed = sides.From.NotNullOf(to.Name) is not null || sides.To.NotNullOf(to.Name) is not null;
        if (!isNamed && from.Has(CatalogFact.NotNull) != to.Has(CatalogFact.NotNull))
        {
            yield return to.Has(CatalogFact.NotNull) ? "SET NOT NULL" : "DROP NOT NULL";
        }
    }

    private IEnumerable<string> Publication(CatalogObject to)
    {
        if (Differs(to, CatalogFact.Publishes) || Fates.IsLifted(to.Name))
        {
            yield return $"SET {Published.Clause(to, sides.To.Catalog.Major)}";
        }

        if (Differs(to, CatalogFact.Options))
        {
            string[] defaults = ["publish_via_partition_root = 'false'", "publish_generated_columns = 'none'"];
            string said = StorageOptions.All(to);
            int known = sides.To.Catalog.Major >= 18 ? 2 : 1;
            yield return $"SET ({string.Join(", ", defaults.Take(known).Where(item => !said.Contains(item.Split(' ')[0],
                StringComparison.Ordinal)).Prepend(said))})";
        }
    }

    private IEnumerable<string> Extension(CatalogObject to)
    {
        if (Differs(to, CatalogFact.InSchema))
        {
            yield return $"SET SCHEMA {QuotedName.Of(to[CatalogFact.InSchema]!)}";
        }

        if (Differs(to, CatalogFact.Version))
        {
            yield return $"UPDATE TO {Sql.Literal(to[CatalogFact.Version]!)}";
        }
    }

    private bool Differs(CatalogObject item, string fact) => Fates.Differs(item.Name, fact);
}
