using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class ColumnReader
{
    /// <summary>
    /// A <c>ColumnDef</c>: in the tree NOT NULL, DEFAULT and the rest are one list, in which DEFERRABLE and its kin follow what they belong
    /// to.
    /// </summary>
    public static ColumnDefinition Read(Node node)
    {
        string name = node.Text("colname") ?? "";
        ColumnDefinition column = new(name, node["typeName"] is { Exists: true } type ? TypeReader.Read(type) : null)
        {
            Collation = Collation(node),
            Span = node.Place,
        };
        List<Constraint> constraints = [];
        foreach (Node item in node.Items("constraints").Select(item => item["Constraint"]))
        {
            if (ConstraintReader.Attribute(item, constraints))
            {
                continue;
            }

            column = item.Text("contype") switch
            {
                "CONSTR_NOTNULL" => column with { NotNull = true },
                "CONSTR_DEFAULT" => column with { Default = ExpressionReader.Read(item["raw_expr"]) },
                "CONSTR_IDENTITY" => column with { Identity = Identity(item) },
                "CONSTR_GENERATED" => column with
                {
                    Generated = new GeneratedExpression(ExpressionReader.Read(item["raw_expr"]), item.Text("generated_kind") != "v"),
                },
                _ => column,
            };
            if (ConstraintReader.Read(item, name) is { } constraint and not NotNullConstraint)
            {
                constraints.Add(constraint);
            }
        }

        return column with { Constraints = [.. constraints] };
    }

    public static string? Collation(Node column) =>
        column["collClause"] is { Exists: true } clause ? Names.Qualified(clause.Items("collname")).ToString() : null;

    public static IdentityKind Identity(Node constraint) =>
        constraint.Text("generated_when") == "a" ? IdentityKind.Always : IdentityKind.ByDefault;
}
