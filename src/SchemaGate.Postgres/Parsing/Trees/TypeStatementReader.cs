using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Types and domains.</summary>
internal static class TypeStatementReader
{
    public static Statement? Read(string tag, Node node) => tag switch
    {
        "CreateEnumStmt" => new CreateEnumType(Named(node), node.Literals("vals")),
        "AlterEnumStmt" => AlterEnum(node),
        "CompositeTypeStmt" => new CreateType(Names.Relation(node["typevar"]), TypeForm.Composite)
        {
            Attributes = [.. node.Items("coldeflist").Select(column => ColumnReader.Read(column.Body))],
        },
        "CreateRangeStmt" => new CreateType(Named(node), TypeForm.Range),
        "DefineStmt" when node.Text("kind") == "OBJECT_TYPE" => new CreateType(Names.Qualified(node.Items("defnames")), TypeForm.Scalar),
        "CreateDomainStmt" => Domain(node),
        "AlterDomainStmt" => AlterDomain(node),
        _ => null,
    };

    private static ObjectName Named(Node node) => Names.Qualified(node.Items("typeName"));

    private static Statement AlterEnum(Node node)
    {
        string value = node.Text("newVal") ?? "";
        if (node.Text("oldVal") is { } old)
        {
            return new RenameEnumValue(Named(node), old, value);
        }

        string? neighbour = node.Text("newValNeighbor");
        AddEnumValue add = new(Named(node), value, Before: null, After: null, node.Flag("skipIfNewValExists"));
        return node.Flag("newValIsAfter") ? add with { After = neighbour } : add with { Before = neighbour };
    }

    private static CreateDomain Domain(Node node)
    {
        // A domain's constraints are a column's in the tree.
        ColumnDefinition column = ColumnReader.Read(node);
        return new(Names.Qualified(node.Items("domainname")), column.Type ?? new TypeName(null, ""))
        {
            NotNull = column.NotNull,
            Default = column.Default,
            Constraints = column.Constraints,
        };
    }

    private static AlterDomain AlterDomain(Node node)
    {
        DomainAction action = node.Text("subtype") switch
        {
            "T" => node["def"].Exists ? DomainAction.SetDefault : DomainAction.DropDefault,
            "N" => DomainAction.DropNotNull,
            "O" => DomainAction.SetNotNull,
            "C" => DomainAction.AddConstraint,
            "X" => DomainAction.DropConstraint,
            "V" => DomainAction.ValidateConstraint,
            _ => DomainAction.Other,
        };
        Constraint? constraint = action == DomainAction.AddConstraint
            ? ConstraintReader.Read(node["def"]["Constraint"], column: null)
            : null;
        // Since 17 the tree says that the column is called value.
        constraint = constraint is NotNullConstraint notNull ? notNull with { Column = null } : constraint;
        return new(Named(node), action, node.Text("name"), constraint, Names.IsCascade(node));
    }
}
