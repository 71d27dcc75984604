using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class ConstraintReader
{
    /// <summary>From this version on a constraint says whether it is enforced; with a column that follows as an attribute.</summary>
    private const int Enforcement = 18;

    /// <summary>A <c>Constraint</c> that is one; null for defaults and other things which the tree calls so.</summary>
    /// <param name="node">The node's body.</param>
    /// <param name="column">The column that it stands with; null for a table's or a domain's.</param>
    public static Constraint? Read(Node node, string? column)
    {
        Constraint? constraint = Kind(node, column);
        return constraint is null ? null : constraint with
        {
            Name = node.Text("conname"),
            NotValid = node.Flag("skip_validation"),
            NotEnforced = column is null && constraint is (CheckConstraint or ForeignKeyConstraint)
                && StatementReader.ParserVersion >= Enforcement && !node.Flag("is_enforced"),
            Deferrable = node.Flag("deferrable"),
            Span = node.Place,
        };
    }

    /// <summary>Whether the node only says more of the constraint before it, which is then changed.</summary>
    public static bool Attribute(Node node, List<Constraint> constraints)
    {
        string type = node.Text("contype") ?? "";
        if (constraints.Count > 0)
        {
            constraints[^1] = type switch
            {
                "CONSTR_ATTR_DEFERRABLE" or "CONSTR_ATTR_DEFERRED" => constraints[^1] with { Deferrable = true },
                "CONSTR_ATTR_NOT_ENFORCED" => constraints[^1] with { NotEnforced = true },
                _ => constraints[^1],
            };
        }

        return type.StartsWith("CONSTR_ATTR_", StringComparison.Ordinal);
    }

    private static Constraint? Kind(Node node, string? column)
    {
        ValueList<string> keys = column is null ? node.Literals("keys") : [column];
        return node.Text("contype") switch
        {
            "CONSTR_CHECK" => new CheckConstraint(ExpressionReader.Read(node["raw_expr"]))
            {
                NoInherit = node.Flag("is_no_inherit"),
                Fingerprint = node["raw_expr"].Fingerprint,
            },
            "CONSTR_NOTNULL" => new NotNullConstraint(column ?? (keys.Count > 0 ? keys[0] : null)),
            "CONSTR_UNIQUE" => new UniqueConstraint(keys, node.Text("indexname"))
            {
                NullsNotDistinct = node.Flag("nulls_not_distinct"),
                Include = node.Literals("including"),
            },
            "CONSTR_PRIMARY" => new PrimaryKeyConstraint(keys, node.Text("indexname")) { Include = node.Literals("including") },
            "CONSTR_FOREIGN" => ForeignKey(node, column),
            "CONSTR_EXCLUSION" => new ExclusionConstraint(
                [.. node.Items("exclusions").Select(item => item.AsItems().FirstOrDefault()["IndexElem"].Text("name")).OfType<string>()]),
            _ => null,
        };
    }

    private static ForeignKeyConstraint ForeignKey(Node node, string? column) => new(
        column is null ? node.Literals("fk_attrs") : [column],
        Names.Relation(node["pktable"]),
        node.Literals("pk_attrs"),
        Action(node.Text("fk_del_action")),
        Action(node.Text("fk_upd_action")));

    private static ReferentialAction Action(string? letter) => letter switch
    {
        "r" => ReferentialAction.Restrict,
        "c" => ReferentialAction.Cascade,
        "n" => ReferentialAction.SetNull,
        "d" => ReferentialAction.SetDefault,
        _ => ReferentialAction.NoAction,
    };
}
