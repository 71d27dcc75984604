using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class ColumnActionReader
{
    public static TableAction? Read(string tag, Node node)
    {
        string column = node.Text("name") ?? "";
        return tag switch
        {
            "AT_AddColumn" => new AddColumn(ColumnReader.Read(node["def"].Body), node.Flag("missing_ok")),
            "AT_DropColumn" => new DropColumn(column, node.Flag("missing_ok"), Names.IsCascade(node)),
            "AT_AlterColumnType" => AlterType(column, node["def"].Body),
            "AT_SetNotNull" => new SetNotNull(column),
            "AT_DropNotNull" => new DropNotNull(column),
            "AT_ColumnDefault" when node["def"].Exists => new SetDefault(column, ExpressionReader.Read(node["def"])),
            "AT_ColumnDefault" => new DropDefault(column),
            "AT_SetExpression" => new SetExpression(column, ExpressionReader.Read(node["def"])),
            "AT_DropExpression" => new DropExpression(column, node.Flag("missing_ok")),
            "AT_AddIdentity" => new AddIdentity(column, ColumnReader.Identity(node["def"].Body)),
            "AT_SetIdentity" => new SetIdentity(column),
            "AT_DropIdentity" => new DropIdentity(column, node.Flag("missing_ok")),
            "AT_SetStatistics" => new SetColumnStatistics(column),
            "AT_SetOptions" or "AT_ResetOptions" => new SetColumnOptions(column),
            "AT_SetStorage" => new SetColumnStorage(column),
            "AT_SetCompression" => new SetColumnCompression(column),
            _ => null,
        };
    }

    private static AlterColumnType AlterType(string column, Node definition) =>
        new(column, TypeReader.Read(
            definition["typeName"]), ExpressionReader.ReadOrNull(definition["raw_default"]), ColumnReader.Collation(definition));
}
