using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>New names and schemas, wherever a fact has the old one.</summary>
internal static class RenameFold
{
    public static KnownSchema After(KnownSchema schema, RenameObject rename) => rename.Kind switch
    {
        ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence
            or ObjectKind.Index
            when schema.Relations.ContainsKey(schema.Resolve(rename.Name)) =>
                Moved(schema, rename.Name, name => name with { Name = rename.NewName }),
        ObjectKind.Index or ObjectKind.Table when schema.Index(rename.Name) is (KnownTable table, { } index) =>
            schema.With(table.Constraint(index.Name)?.Definition is KeyConstraint or ExclusionConstraint
                ? Constraint(table, index.Name, rename.NewName)
                : table with { Indexes = table.Indexes.Replace(index, index with { Name = rename.NewName }) }),
        ObjectKind.Column when rename.Member is { } column && schema.FindTable(rename.Name) is { } table =>
            Column(schema, table, column, rename.NewName),
        ObjectKind.Constraint when rename.Member is { } old && schema.FindTable(rename.Name) is { } table =>
            schema.With(Constraint(table, old, rename.NewName)),
        ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy
            when rename.Member is { } old && schema.FindTable(rename.Name) is { } table && table.Attached.Contains((rename.Kind, old)) =>
            schema.With(table with { Attached = table.Attached.Replace((rename.Kind, old), (rename.Kind, rename.NewName)) }),
        ObjectKind.Type or ObjectKind.Domain => Type(schema, rename.Name, name => name with { Name = rename.NewName }),
        ObjectKind.Schema => Schema(schema, rename.Name.Name, rename.NewName),
        _ => schema,
    };

    public static KnownSchema After(KnownSchema schema, SetSchema set) => set.Kind is ObjectKind.Type or ObjectKind.Domain
        ? Type(schema, set.Name, name => name with { Schema = set.NewSchema })
        : Moved(schema, set.Name, name => name with { Schema = set.NewSchema });

    private static KnownSchema Moved(KnownSchema schema, ObjectName name, Func<ObjectName, ObjectName> move)
    {
        ObjectName old = schema.Resolve(name);
        if (!schema.Relations.TryGetValue(old, out KnownRelation? relation))
        {
            return schema;
        }

        KnownSchema moved = (schema with { Relations = schema.Relations.Remove(old) }).With(relation with { Name = move(old) });
        return schema.ReferencesTo(old).Aggregate(moved, (left, reference) => WithReference(left, reference.Table.Name == old
            ? move(old)
            : reference.Table.Name, reference.Constraint, key => key with { Table = move(old) }));
    }

    private static KnownSchema WithReference(
        KnownSchema schema, ObjectName child, KnownConstraint constraint, Func<ForeignKeyConstraint, ForeignKeyConstraint> change)
    {
        KnownTable table = schema.Table(child);
        KnownConstraint? current = table.Constraint(constraint.Name);
        return current?.Definition is not ForeignKeyConstraint key
            ? schema
            : schema.With(table with { Constraints = table.Constraints.Replace(current, current with { Definition = change(key) }) });
    }

    private static KnownSchema Column(KnownSchema schema, KnownTable table, string old, string name)
    {
        KnownSchema renamed = schema.With(table with
        {
            Columns = [.. table.Columns.Select(column => column.Name == old ? column with { Name = name } : column)],
            Constraints = [
                .. table.Constraints.Select(constraint => constraint with { Definition = Renamed(constraint.Definition, old, name) })
            ],
            Indexes = [.. table.Indexes.Select(index => index with
            {
                Columns = [.. index.Columns.Select(column => column == old ? name : column)],
                ExpressionColumns = Renamed(index.ExpressionColumns, old, name),
                Include = Renamed(index.Include, old, name),
            })],
        });
        return schema.ReferencesTo(table.Name).Aggregate(renamed, (left, reference) => WithReference(
            left, reference.Table.Name, reference.Constraint,
            key => key with { ReferencedColumns = Renamed(key.ReferencedColumns, old, name) }));
    }

    private static Constraint Renamed(Constraint constraint, string old, string name) => constraint switch
    {
        UniqueConstraint unique => unique with { Columns = Renamed(unique.Columns, old, name) },
        PrimaryKeyConstraint primary => primary with { Columns = Renamed(primary.Columns, old, name) },
        ForeignKeyConstraint key => key with { Columns = Renamed(key.Columns, old, name) },
        ExclusionConstraint exclusion => exclusion with { Columns = Renamed(exclusion.Columns, old, name) },
        NotNullConstraint { Column: { } column } notNull => notNull with { Column = column == old ? name : column },
        CheckConstraint check => check with
        {
            Expression = check.Expression with
            {
                Columns = Renamed(check.Expression.Columns, old, name),
                NotNullColumns = Renamed(check.Expression.NotNullColumns, old, name),
            },
        },
        _ => constraint,
    };

    private static ValueList<string> Renamed(ValueList<string> columns, string old, string name) =>
        [.. columns.Select(column => column == old ? name : column)];

    private static KnownTable Constraint(KnownTable table, string old, string name) => table with
    {
        Constraints = [.. table.Constraints.Select(constraint => constraint.Name == old ? constraint with { Name = name } : constraint)],
        Indexes = [
            .. table.Indexes.Select(index => index.Name == old && table.Constraint(old) is not null ? index with { Name = name } : index)
        ],
    };

    /// <summary>Columns keep the type under its new name.</summary>
    private static KnownSchema Type(KnownSchema schema, ObjectName name, Func<ObjectName, ObjectName> move)
    {
        if (schema.Type(name) is not { } type)
        {
            return schema;
        }

        ObjectName moved = move(type.Name);
        KnownSchema left = (schema with { Types = schema.Types.Remove(type.Name) }).With(type with { Name = moved });
        KnownSchema renamed = schema.Types.Values.OfType<KnownDomain>().Where(domain => schema.Type(domain.Type) == type)
            .Aggregate(left, (rest, domain) =>
                rest.With(domain with { Type = domain.Type with { Schema = moved.Schema, Name = moved.Name } }));
        return renamed.Tables.Where(table => table.Columns.Any(column => Is(schema, column, type)))
            .Aggregate(renamed, (left, table) => left.With(table with
            {
                Columns = [.. table.Columns.Select(column => Is(schema, column, type)
                    ? column with { Type = column.Type! with { Schema = moved.Schema, Name = moved.Name } }
                    : column)],
            }));
    }

    private static bool Is(KnownSchema schema, KnownColumn column, KnownType type) => column.Type is { } own && schema.Type(own) == type;

    private static KnownSchema Schema(KnownSchema schema, string old, string name)
    {
        KnownSchema relations = schema.Relations.Keys.Where(key => key.Schema == old).Aggregate(
            schema, (left, relation) => Moved(left, relation, moved => moved with { Schema = name }));
        KnownSchema types = schema.Types.Keys.Where(key => key.Schema == old).Aggregate(
            relations, (left, type) => Type(left, type, moved => moved with { Schema = name }));
        return schema.Functions.Values.Where(function => function.Name.Schema == old).Aggregate(types, (left, function) => left with
        {
            Functions = left.Functions.Remove(function.Name).SetItem(
                function.Name with { Schema = name }, function with { Name = function.Name with { Schema = name } }),
        });
    }
}
