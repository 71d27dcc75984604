namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>
/// What conditions say of NULL. Each descends as deep as the tree nests at most, which <see cref="ParserLimits.MostDepth"/> bounds.
/// </summary>
internal static class PredicateReader
{
    /// <summary>The parts that are joined by AND.</summary>
    public static IEnumerable<Node> Conjuncts(Node node)
    {
        Stack<Node> waiting = new([node]);
        while (waiting.TryPop(out Node part))
        {
            if (Joined(part, "AND_EXPR") is { } parts)
            {
                foreach (Node conjunct in parts)
                {
                    waiting.Push(conjunct);
                }
            }
            else
            {
                yield return part;
            }
        }
    }

    /// <summary>The column of <c>a IS NOT NULL</c>; null for anything else.</summary>
    public static string? NotNullColumn(Node node) =>
        IsNullTest(node, "IS_NOT_NULL") && node.Body["arg"] is { Tag: "ColumnRef" } column ? ExpressionReader.Column(column.Body) : null;

    /// <summary>
    /// The columns that must not be NULL for it to be true, where nothing else matters; empty where it always is, as no condition is. Null
    /// where more decides.
    /// </summary>
    public static HashSet<string>? TrueUnlessNull(Node node)
    {
        if (!node.Exists || IsConstant(node, "true"))
        {
            return [];
        }

        if (Joined(node, "AND_EXPR") is { } parts)
        {
            HashSet<string>?[] all = [.. parts.Select(TrueUnlessNull)];
            return all.Contains(null) ? null : [.. all.SelectMany(columns => columns!)];
        }

        if (Joined(node, "OR_EXPR") is { } ways)
        {
            return ways.Select(TrueUnlessNull).Where(columns => columns is not null).MinBy(columns => columns!.Count);
        }

        return Joined(node, "NOT_EXPR") is { } negated ? FalseUnlessNull(negated.FirstOrDefault()) : Tested(node);
    }

    /// <summary>The table's own columns that are NULL wherever it is true.</summary>
    public static HashSet<string> NullColumns(Node node, OwnColumns own) => !node.Exists
        ? []
        : [.. Conjuncts(node).Where(part => IsNullTest(part, "IS_NULL") || IsDistinctFromNull(part, "AEXPR_NOT_DISTINCT"))
            .Select(part => own.Name(part.Body[part.Tag == "NullTest" ? "arg" : "lexpr"])).OfType<string>()];

    /// <summary>Whether a value that is assigned to the column is the column's own wherever that is not NULL.</summary>
    public static bool Keeps(Node value, string column, OwnColumns own) => value.Tag switch
    {
        "ColumnRef" => own.Name(value) == column,
        "CoalesceExpr" => value.Body.Items("args").FirstOrDefault() is { Exists: true } first && Keeps(first, column, own),
        "CaseExpr" => !value.Body["arg"].Exists && Keeps(value.Body["defresult"], column, own)
            && value.Body.Items("args").All(when => NullColumns(when["CaseWhen"]["expr"], own).Contains(column)),
        _ => false,
    };

    private static HashSet<string>? FalseUnlessNull(Node node) => node switch
    {
        _ when IsConstant(node, "false") => [],
        _ when IsNullTest(node, "IS_NULL") => Referenced(node.Body["arg"]),
        _ when IsDistinctFromNull(node, "AEXPR_NOT_DISTINCT") => Referenced(node.Body["lexpr"]),
        _ => null,
    };

    private static HashSet<string>? Tested(Node node) => node switch
    {
        _ when IsNullTest(node, "IS_NOT_NULL") => Referenced(node.Body["arg"]),
        _ when IsDistinctFromNull(node, "AEXPR_DISTINCT") => Referenced(node.Body["lexpr"]),
        { Tag: "BooleanTest" } when node.Body.Text("booltesttype") == "IS_TRUE" => TrueUnlessNull(node.Body["arg"]),
        { Tag: "A_Expr" } when node.Body.Text("kind") == "AEXPR_LIKE" && ConstantReader.Text(node.Body["rexpr"]) == "%" =>
            Referenced(node.Body["lexpr"]),
        { Tag: "A_Expr" } when IsOfItself(node.Body) => Referenced(node.Body["lexpr"]),
        _ => null,
    };

    /// <summary><c>1 = 1</c>, <c>a = a</c>, <c>a >= a</c>.</summary>
    private static bool IsOfItself(Node comparison)
    {
        (Node left, Node right) = (comparison["lexpr"], comparison["rexpr"]);
        return comparison.Text("kind") == "AEXPR_OP" && Names.Qualified(comparison.Items("name")).Name is "=" or ">=" or "<="
            && left.Tag == right.Tag && left.Tag switch
            {
                "A_Const" => ConstantReader.Text(left) is { } value && value == ConstantReader.Text(right),
                "ColumnRef" => left.Body.Items("fields").Select(field => field.Literal)
                    .SequenceEqual(right.Body.Items("fields").Select(field => field.Literal), StringComparer.Ordinal),
                _ => false,
            };
    }

    private static HashSet<string>? Referenced(Node node) => node.Tag switch
    {
        "ColumnRef" when ExpressionReader.Column(node.Body) is { } name => [name],
        "A_Const" when !ConstantReader.IsNull(node.Body) => [],
        _ => null,
    };

    private static bool IsNullTest(Node node, string type) => node.Tag == "NullTest" && node.Body.Text("nulltesttype") == type;

    private static bool IsDistinctFromNull(Node node, string kind) => node.Tag == "A_Expr" && node.Body.Text("kind") == kind
        && node.Body["rexpr"] is { Tag: "A_Const" } right && ConstantReader.IsNull(right.Body);

    /// <summary>Up to 14 TRUE is a cast of 't'.</summary>
    private static bool IsConstant(Node node, string value) => node.Tag is "A_Const" or "TypeCast"
        && ConstantReader.Text(node) is { Length: > 0 } text
        && value.StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Node>? Joined(Node node, string how) =>
        node.Tag == "BoolExpr" && node.Body.Text("boolop") == how ? node.Body.Items("args") : null;
}
