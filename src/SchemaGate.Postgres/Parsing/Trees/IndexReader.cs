using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class IndexReader
{
    public static CreateIndex Read(Node node) =>
        new(node.Text("idxname"), Names.Relation(node["relation"]), [.. node.Items("indexParams").Select(Key)])
        {
            Unique = node.Flag("unique"),
            NullsNotDistinct = node.Flag("nulls_not_distinct"),
            Concurrently = node.Flag("concurrent"),
            IfNotExists = node.Flag("if_not_exists"),
            Only = !node["relation"].Flag("inh"),
            Method = node.Text("accessMethod") ?? "btree",
            Include = [.. node.Items("indexIncludingParams").Select(item => item["IndexElem"].Text("name")).OfType<string>()],
            Where = ExpressionReader.ReadOrNull(node["whereClause"]),
        };

    public static Reindex ReadReindex(Node node) => new(
        node.Text("kind") switch
        {
            "REINDEX_OBJECT_INDEX" => ReindexTarget.Index,
            "REINDEX_OBJECT_TABLE" => ReindexTarget.Table,
            "REINDEX_OBJECT_SCHEMA" => ReindexTarget.Schema,
            "REINDEX_OBJECT_SYSTEM" => ReindexTarget.System,
            _ => ReindexTarget.Database,
        },
        Names.RelationOrNull(node["relation"]) ?? (node.Text("name") is { } name ? new ObjectName(null, name) : null),
        ConstantReader.IsOn(node.Items("params"), "concurrently"));

    private static IndexKey Key(Node item)
    {
        Node key = item["IndexElem"];
        string? operatorClass = key["opclass"].Exists ? Names.Qualified(key.Items("opclass")).ToString() : null;
        string? collation = key["collation"].Exists ? Names.Qualified(key.Items("collation")).ToString() : null;
        return new(key.Text("name"), ExpressionReader.ReadOrNull(key["expr"]), operatorClass, collation);
    }
}
