using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

internal static class PartitionRules
{
    public static RiskRule AttachScans { get; } = new(
        "attach-partition-scan", "The new partition, and a default one, are read under ACCESS EXCLUSIVE", BlockingLock, RiskSeverity.Medium,
        "Give the table a CHECK that says what the bounds say, NOT VALID, and validate it before; "
            + "a default partition needs one that excludes them.")
    {
        Judge = static context => context is { Statement: AlterTable { Kind: ObjectKind.Table }, Action: AttachPartition }
            ? context.Locks.Where(held => held.Work == LockWork.Scan).Select(held => new Hit(
            $"Attaching a partition to {context.TableName} reads all of {context.Name(held.Table)} under ACCESS EXCLUSIVE.")) : [],
    };

    public static RiskRule DetachBlocks { get; } = new(
        "detach-partition-blocking", "Reads and writes of all partitions queue behind it", BlockingLock, RiskSeverity.Medium,
        "DETACH PARTITION … CONCURRENTLY (14), in a migration of its own.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: DetachPartition { Concurrently: false, Finalize: false } detach }
            ? [new(
                $"Detaching {context.Name(detach.Partition)} takes ACCESS EXCLUSIVE on {context.TableName} and so on all that it holds.")]
            : [],
    };

    public static RiskRule CreatesPartition { get; } = new(
        "create-partition-of", "The parent is locked against reads and writes, and a default partition is read", BlockingLock,
        RiskSeverity.Medium, "CREATE TABLE … (LIKE parent), then ATTACH PARTITION, which lets reads and writes of the parent go on.")
    {
        Judge = static context => context.Statement is CreateTable { PartitionOf: { } parent } create && !context.Schema.IsExempt(parent)
            ? [new($"Creating {context.Name(create.Table)} as a partition takes ACCESS EXCLUSIVE on "
                + $"{context.Name(parent)}{Default(context)}.")]
            : [],
    };

    private static string Default(StatementContext context) =>
        context.Locks.FirstOrDefault(held => held.Work == LockWork.Scan) is { } held
        ? $", and reads all of {context.Name(held.Table)}"
        : "";
}
