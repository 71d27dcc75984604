using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Queries and what changes rows.</summary>
internal static class DataReader
{
    public static Statement? Read(string tag, Node node) => tag switch
    {
        "SelectStmt" => Select(node),
        "TruncateStmt" => new TruncateTables(Names.Relations(node.Items("relations")), Names.IsCascade(node)),
        "CopyStmt" =>
            new CopyData(Names.RelationOrNull(node["relation"]), node.Flag("is_from"), node.Text("filename"), node.Flag("is_program")),
        _ => Change(tag, node) is { } change ? change with { Changes = InnerChanges(node) } : null,
    };

    private static Statement Select(Node node)
    {
        // SELECT INTO makes a table; in a chain of UNIONs INTO stands with the first, leftmost SELECT.
        for (Node part = node; part.Exists; part = part["larg"])
        {
            if (part["intoClause"].Exists)
            {
                return CreateTableReader.Into(part["intoClause"]);
            }
        }

        return new SelectQuery { Changes = InnerChanges(node), LocksRows = node["lockingClause"].Exists };
    }

    private static ValueList<DataChange> InnerChanges(Node node) =>
        [.. node.Descendants().Where(inner => inner.Name is "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt")
            .Select(inner => Change(inner.Name, inner.Node)).OfType<DataChange>()];

    private static DataChange? Change(string tag, Node node)
    {
        ObjectName table = Names.Relation(node["relation"]);
        return tag switch
        {
            "InsertStmt" => new InsertRows(table, Targets(node, "cols"))
            {
                Rows = Rows(node["selectStmt"]),
                UpdatesOnConflict = node["onConflictClause"].Text("action") == "ONCONFLICT_UPDATE",
            },
            "UpdateStmt" => new UpdateRows(table, Targets(node, "targetList"), node["whereClause"].Exists),
            "DeleteStmt" => new DeleteRows(table, node["whereClause"].Exists),
            "MergeStmt" => new MergeRows(table),
            _ => null,
        };
    }

    private static int? Rows(Node query)
    {
        if (!query.Exists)
        {
            return 1;
        }

        return query["SelectStmt"].Items("valuesLists").Count() is > 0 and int rows ? rows : null;
    }

    private static ValueList<string> Targets(Node node, string list) =>
        [.. node.Items(list).Select(item => item["ResTarget"].Text("name")).OfType<string>()];
}
