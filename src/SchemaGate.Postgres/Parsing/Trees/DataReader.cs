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
        _ => Change(tag, node),
    };

    /// <summary>It runs the changes of rows within it; a view's, a rule's or a function's run later or never.</summary>
    public static bool Runs(Node statement) => statement.Tag switch
    {
        "SelectStmt" or "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" or "CreateTableAsStmt" or "CopyStmt" => true,
        "ExplainStmt" => ConstantReader.IsOn(statement.Body.Items("options"), "analyze"),
        _ => false,
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

        return new SelectQuery { LocksRows = node["lockingClause"].Exists };
    }

    /// <summary>INSERT, UPDATE, DELETE and MERGE, without what their WITH has.</summary>
    public static DataChange? Change(string tag, Node node) => tag switch
    {
        "InsertStmt" => new InsertRows(Names.Relation(node["relation"]), Targets(node, "cols"))
        {
            Rows = Rows(node["selectStmt"]),
            Overwritten = Overwritten(
                node["onConflictClause"].Items("targetList"), node["onConflictClause"]["whereClause"],
                new OwnColumns(node["relation"], HasOthers: false)),
        },
        "UpdateStmt" => Update(node),
        "DeleteStmt" => PredicateReader.TrueUnlessNull(node["whereClause"]) is { } columns
            ? new DeleteRows(Names.Relation(node["relation"]), HasWhere: false) { NotNull = [.. columns] }
            : new DeleteRows(Names.Relation(node["relation"]), HasWhere: true),
        "MergeStmt" => Merge(node),
        _ => null,
    };

    private static UpdateRows Update(Node node)
    {
        HashSet<string>? columns = PredicateReader.TrueUnlessNull(node["whereClause"]);
        OwnColumns own = new(node["relation"], node["fromClause"].Exists);
        return new UpdateRows(Names.Relation(node["relation"]), Targets(node, "targetList"), columns is null)
        {
            NotNull = [.. columns ?? []],
            Overwritten = Overwritten(node.Items("targetList"), node["whereClause"], own),
        };
    }

    private static MergeRows Merge(Node node)
    {
        OwnColumns own = new(node["relation"], HasOthers: true);
        Node[] clauses = [.. node.Items("mergeWhenClauses").Select(clause => clause["MergeWhenClause"])];
        return new MergeRows(Names.Relation(node["relation"]), clauses.Any(clause => clause.Text("commandType") == "CMD_DELETE"))
        {
            Overwritten = [.. clauses.Where(clause => clause.Text("commandType") == "CMD_UPDATE")
                .SelectMany(clause => Overwritten(clause.Items("targetList"), clause["condition"], own)).Distinct(StringComparer.Ordinal)],
        };
    }

    private static ValueList<string> Overwritten(IEnumerable<Node> assignments, Node condition, OwnColumns own)
    {
        Node[] targets = [.. assignments.Select(item => item["ResTarget"])];
        if (targets.Length == 0)
        {
            return [];
        }

        HashSet<string> empty = PredicateReader.NullColumns(condition, own);
        return [.. targets.Where(target => target.Text("name") is { } name && !empty.Contains(name)
            && !PredicateReader.Keeps(target["val"], name, own)).Select(target => target.Text("name")!)];
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
