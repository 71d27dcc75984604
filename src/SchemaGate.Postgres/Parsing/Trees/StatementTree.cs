using System.Text;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Reduces one statement's tree to facts.</summary>
internal static class StatementTree
{
    private const int LongestLabel = 63;

    /// <summary>Everything but the span.</summary>
    public static Statement Read(Node node)
    {
        Statement statement = OfTag(node.Tag, node.Body);
        (HashSet<string> literals, HashSet<string> functions, HashSet<ObjectName> relations, HashSet<string> queries) = ([], [], [], []);
        List<DataChange>? changes = null;
        bool moreLiterals = false;
        bool runs = DataReader.Runs(node);
        foreach ((string name, Node inner) in node.Body.Descendants())
        {
            switch (name)
            {
                case "A_Const" when ConstantReader.String(inner) is { Length: <= LongestLabel } literal
                    && Encoding.UTF8.GetByteCount(literal) <= LongestLabel:
                    moreLiterals |= !Keep(literals, literal);
                    break;
                case "FuncCall" or "funccall":
                    Keep(functions, Names.Qualified(inner.Items("funcname")).ToString());
                    break;
                case "CommonTableExpr":
                    Keep(queries, inner.Text("ctename") ?? "");
                    break;
                case "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" when runs:
                    (changes ??= []).Add(DataReader.Change(name, inner)!);
                    break;
                default:
                    if (inner.Text("relname") is not null)
                    {
                        Keep(relations, Names.Relation(inner));
                    }

                    break;
            }
        }

        // A name from WITH is no relation, though it is written like one.
        relations.RemoveWhere(relation => relation.Schema is null && queries.Contains(relation.Name));
        return statement with
        {
            Changes = [.. changes ?? []],
            Literals = [.. literals],
            MoreLiterals = moreLiterals,
            Functions = [.. functions],
            Relations = [.. relations],
        };
    }

    /// <summary>The statement with its place, and those within it with the same.</summary>
    public static Statement Placed(Statement statement, TextSpan span) => statement switch
    {
        CreateSchema schema => schema with { Span = span, Elements = [.. schema.Elements.Select(element => Placed(element, span))] },
        { Changes.Count: > 0 } =>
            statement with { Span = span, Changes = [.. statement.Changes.Select(change => change with { Span = span })] },
        _ => statement with { Span = span },
    };

    private static bool Keep<T>(HashSet<T> kept, T item)
    {
        if (kept.Count < Statement.MostLiterals)
        {
            kept.Add(item);
            return true;
        }

        return kept.Contains(item);
    }

    private static Statement OfTag(string tag, Node node) => tag switch
    {
        "CreateStmt" => CreateTableReader.Read(node, isForeign: false),
        "CreateForeignTableStmt" =>
            CreateTableReader.Read(node["base_stmt"] is { Exists: true } wrapped ? wrapped : node["base"], isForeign: true),
        "CreateTableAsStmt" => CreateTableReader.ReadAsQuery(node),
        "AlterTableStmt" => AlterTableReader.Read(node),
        "IndexStmt" => IndexReader.Read(node),
        "ReindexStmt" => IndexReader.ReadReindex(node),
        _ => ObjectReader.Read(tag, node)
            ?? CreationReader.Read(tag, node)
            ?? TypeStatementReader.Read(tag, node)
            ?? DataReader.Read(tag, node)
            ?? CommandReader.Read(tag, node)
            ?? new OtherStatement(tag),
    };
}
