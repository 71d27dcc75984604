using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>Whether a migration's statements share a transaction.</summary>
internal static class Transactions
{
    public static bool AreShared(IReadOnlyList<Statement> statements, TransactionMode mode) => mode switch
    {
        TransactionMode.OneText => statements.Count > 1,
        TransactionMode.EachStatement => false,
        _ => !statements.Any(
            statement => IsForbidden(statement) || IsControl(statement) || statement is CopyData { FileName: null, Table: not null }),
    };

    /// <summary>BEGIN, COMMIT and their kin; savepoints do not end anything.</summary>
    public static bool IsControl(Statement statement) =>
        statement is TransactionControl
        {
            Command: not (TransactionCommand.Savepoint or TransactionCommand.Release or TransactionCommand.RollbackTo),
        };

    /// <summary>The server refuses it in a transaction block (25001).</summary>
    public static bool IsForbidden(Statement statement) => statement switch
    {
        CreateIndex { Concurrently: true } or DropObjects { Concurrently: true } or Reindex { Concurrently: true } => true,
        Reindex { Target: ReindexTarget.Schema or ReindexTarget.System or ReindexTarget.Database } => true,
        VacuumTables { IsVacuum: true } or ClusterTable { Table: null } => true,
        ClusterCommand
        {
            Command: not (ClusterCommandKind.AlterDatabase or ClusterCommandKind.AlterTablespace or ClusterCommandKind.AlterSubscription),
        } => true,
        DropObjects { Kind: ObjectKind.Database or ObjectKind.Tablespace or ObjectKind.Subscription } => true,
        AlterTable alter => alter.Actions.Any(action => action is DetachPartition { Concurrently: true }),
        _ => false,
    };
}
