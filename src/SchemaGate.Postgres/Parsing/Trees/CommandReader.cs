using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Commands that are about no definition: locks, upkeep, transactions, settings, programs, the whole cluster.</summary>
internal static class CommandReader
{
    public static Statement? Read(string tag, Node node) => tag switch
    {
        "LockStmt" => new LockTables(Names.Relations(node.Items("relations")), (LockMode)node.Number("mode"), node.Flag("nowait")),
        "VacuumStmt" => Vacuum(node),
        "ClusterStmt" => new ClusterTable(Names.RelationOrNull(node["relation"]), node.Text("indexname")),
        "TransactionStmt" => Transaction(node),
        "VariableSetStmt" => Parameter(node),
        "DoStmt" => Do(node),
        "CallStmt" => new CallProcedure(Names.Qualified(node["funccall"].Items("funcname"))),
        "PrepareStmt" => new PrepareStatement(node.Text("name") ?? ""),
        "ExecuteStmt" => new ExecutePrepared(node.Text("name") ?? ""),
        "DiscardStmt" when node.Text("target") == "DISCARD_ALL" => new ClusterCommand(ClusterCommandKind.DiscardAll, null),
        "CreatedbStmt" => new ClusterCommand(ClusterCommandKind.CreateDatabase, node.Text("dbname")),
        "AlterDatabaseStmt" or "AlterDatabaseSetStmt" => new ClusterCommand(ClusterCommandKind.AlterDatabase, node.Text("dbname")),
        "AlterSystemStmt" => new ClusterCommand(ClusterCommandKind.AlterSystem, null),
        "CreateTableSpaceStmt" => new ClusterCommand(ClusterCommandKind.CreateTablespace, node.Text("tablespacename")),
        "AlterTableSpaceOptionsStmt" => new ClusterCommand(ClusterCommandKind.AlterTablespace, node.Text("tablespacename")),
        "CreateSubscriptionStmt" => new ClusterCommand(ClusterCommandKind.CreateSubscription, node.Text("subname")),
        "AlterSubscriptionStmt" => new ClusterCommand(ClusterCommandKind.AlterSubscription, node.Text("subname")),
        _ => null,
    };

    private static VacuumTables Vacuum(Node node)
    {
        IEnumerable<Node> options = node.Items("options");
        bool isVacuum = node.Flag("is_vacuumcmd");
        return new(
            Names.Relations(node.Items("rels").Select(relation => relation["VacuumRelation"]["relation"])),
            isVacuum,
            ConstantReader.IsOn(options, "full"),
            !isVacuum || ConstantReader.IsOn(options, "analyze"));
    }

    private static Statement Transaction(Node node) => node.Text("kind") switch
    {
        "TRANS_STMT_BEGIN" or "TRANS_STMT_START" => new TransactionControl(TransactionCommand.Begin),
        "TRANS_STMT_COMMIT" => new TransactionControl(TransactionCommand.Commit),
        "TRANS_STMT_ROLLBACK" => new TransactionControl(TransactionCommand.Rollback),
        "TRANS_STMT_SAVEPOINT" => new TransactionControl(TransactionCommand.Savepoint),
        "TRANS_STMT_RELEASE" => new TransactionControl(TransactionCommand.Release),
        "TRANS_STMT_ROLLBACK_TO" => new TransactionControl(TransactionCommand.RollbackTo),
        "TRANS_STMT_PREPARE" => new TransactionControl(TransactionCommand.PrepareTransaction),
        "TRANS_STMT_COMMIT_PREPARED" => new TransactionControl(TransactionCommand.CommitPrepared),
        "TRANS_STMT_ROLLBACK_PREPARED" => new TransactionControl(TransactionCommand.RollbackPrepared),
        _ => new OtherStatement("TransactionStmt"),
    };

    private static SetParameter Parameter(Node node)
    {
        string? value = node.Text("kind") is "VAR_SET_VALUE" ? string.Join(", ", node.Items("args").Select(ConstantReader.Text)) : null;
        return new(node.Text("name")?.ToLowerInvariant(), value, node.Flag("is_local"));
    }

    private static DoBlock Do(Node node) => new(
        ConstantReader.Text(ConstantReader.Option(node.Items("args"), "language")["arg"])?.ToLowerInvariant() ?? "plpgsql",
        ConstantReader.Text(ConstantReader.Option(node.Items("args"), "as")["arg"]) ?? "");
}
