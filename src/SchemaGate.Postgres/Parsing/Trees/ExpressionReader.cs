using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Reduces an expression to what matters of it.</summary>
internal static class ExpressionReader
{
    public static Expression? ReadOrNull(Node node) => node.Exists ? Read(node) : null;

    public static Expression Read(Node node)
    {
        Collected found = new();
        found.Add(node.Tag, node.Body);
        foreach ((string name, Node inner) in node.Descendants().Skip(1))
        {
            found.Add(name, inner);
        }

        (Node core, List<TypeName> casts) = WithoutCasts(node);
        string? column = core.Tag == "ColumnRef" ? Column(core.Body) : null;
        string?[] notNull = [.. PredicateReader.Conjuncts(node).Select(PredicateReader.NotNullColumn)];
        return new Expression(
            found.Volatility,
            core.Tag == "A_Const" && ConstantReader.IsNull(core.Body),
            [.. found.Functions],
            [.. found.Columns],
            column is null ? [.. found.Casts] : [.. casts],
            [.. notNull.OfType<string>().Distinct(StringComparer.Ordinal)],
            column)
        {
            IsOnlyNotNull = notNull.All(name => name is not null),
        };
    }

    /// <summary>The column's name in a <c>ColumnRef</c>; null for <c>*</c>.</summary>
    public static string? Column(Node reference) =>
        reference.Items("fields").LastOrDefault() is { Tag: "String" } name ? name.Literal : null;

    private static (Node Core, List<TypeName> Casts) WithoutCasts(Node node)
    {
        List<TypeName> casts = [];
        while (node.Tag == "TypeCast")
        {
            casts.Add(TypeReader.Read(node.Body["typeName"]));
            node = node.Body["arg"];
        }

        casts.Reverse();

        return (node, casts);
    }

    private sealed class Collected
    {
        public Volatility Volatility { get; private set; } = Volatility.Constant;

        public HashSet<string> Functions { get; } = [];

        public HashSet<string> Columns { get; } = [];

        public HashSet<TypeName> Casts { get; } = [];

        public void Add(string name, Node node)
        {
            Volatility own = Of(name, node);
            Volatility = (Volatility)Math.Max((int)Volatility, (int)own);
        }

        private Volatility Of(string name, Node node)
        {
            switch (name)
            {
                case "FuncCall":
                    ObjectName function = Names.Qualified(node.Items("funcname"));
                    Functions.Add(function.ToString());
                    return BuiltInFunctions.VolatilityOf(function);
                case "ColumnRef":
                    Columns.Add(Column(node) ?? "*");
                    return Volatility.Stable;
                case "TypeCast":
                    Casts.Add(TypeReader.Read(node["typeName"]));
                    return Volatility.Constant;
                case "A_Expr":
                    return Names.Qualified(node.Items("name")).Schema is null ? Volatility.Stable : Volatility.Unknown;
                case "SQLValueFunction" or "BoolExpr" or "NullTest" or "BooleanTest" or "CaseExpr" or "CaseWhen" or "CoalesceExpr"
                    or "MinMaxExpr" or "A_ArrayExpr" or "RowExpr"
                    or "A_Indirection" or "A_Indices" or "A_Star" or "XmlExpr" or "XmlSerialize":
                    return Volatility.Stable;
                default:
                    // A node that nobody here knows, a sub-select among them, may do anything; fields begin with a small letter.
                    return name is not "" && char.IsAsciiLetterUpper(name[0]) && !s_passive.Contains(name)
                        ? Volatility.Unknown
                        : Volatility.Constant;
            }
        }

        private static readonly HashSet<string> s_passive =
            [
                "A_Const", "String", "Integer", "Float", "Boolean", "BitString", "Null", "List", "CollateClause", "ResTarget",
                "NamedArgExpr", "SortBy",
            ];
    }
}
