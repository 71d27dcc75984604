using System.Collections.Immutable;
using SchemaGate.Core.Risk.Judging;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>A rule as people see it.</summary>
/// <param name="Title">What happens, in one line.</param>
/// <param name="IsOptional">A matter of taste: judged only where <see cref="RiskOptions.EnabledRules"/> has it.</param>
public sealed record RuleDescription(string Id, string Title, RiskCategories Categories, RiskSeverity Severity, bool IsOptional);

/// <summary>All rules, in the order in which they are judged and listed.</summary>
public static class RuleCatalog
{
    internal static ImmutableArray<RiskRule> Rules { get; } =
    [
        AddColumnConstraintRules.NotNullNoDefault,
        AddColumnRewriteRules.VolatileDefault,
        AddColumnRewriteRules.OldServerDefault,
        AddColumnRewriteRules.GeneratedStored,
        AddColumnRewriteRules.Serial,
        AddColumnRewriteRules.Identity,
        AddColumnRewriteRules.ConstrainedDomain,
        AddColumnConstraintRules.InlineCheck,
        AddColumnConstraintRules.InlineUnique,
        AddColumnConstraintRules.References,
        DropColumnRule.DropColumn,
        RenameColumnRule.RenameColumn,
        ChangeColumnTypeRules.ChangesType,
        ChangeColumnTypeRules.ChangesTypeInPlace,
        ChangeColumnTypeRules.RebuildsIndex,
        ChangeColumnTypeRules.RechecksConstraint,
        ChangeColumnTypeRules.ChangesKeyType,
        NullabilityRules.SetNotNullScan,
        NullabilityRules.DropsNotNull,
        NullabilityRules.DropsDefault,
        NullabilityRules.SetsDefault,
        NullabilityRules.SetsExpression,
        AddConstraintRules.CheckValidated,
        ForeignKeyRules.Validated,
        ForeignKeyRules.OnPartitioned,
        AddConstraintRules.UniqueBuildsIndex,
        AddConstraintRules.PrimaryKeyBuildsIndex,
        AddConstraintRules.PrimaryKeyOnNullable,
        AddConstraintRules.Exclusion,
        ConstraintChangeRules.ValidatedTooEarly,
        UniqueMayFailRule.UniqueMayFail,
        DropConstraintRule.DropConstraint,
        ForeignKeyRules.WithoutIndex,
        ForeignKeyRules.OnDeleteCascade,
        DropObjectRules.DropsTable,
        DropObjectRules.Cascade,
        RenameObjectRules.RenamesTable,
        RenameObjectRules.SetsSchema,
        RenameObjectRules.RenamesSchema,
        DropObjectRules.DropsSchema,
        DropObjectRules.DropsDatabase,
        DropObjectRules.DropsOwned,
        DataRules.Truncates,
        DataRules.TruncatesCascade,
        DropObjectRules.DropsView,
        DropObjectRules.DropsMaterializedView,
        RenameObjectRules.RenamesView,
        DropObjectRules.DropsFunction,
        DropObjectRules.DropsTrigger,
        DropObjectRules.DropsSequence,
        DropObjectRules.DropsExtension,
        TableStorageRules.ChangesStorage,
        TableStorageRules.Unlogs,
        TableStorageRules.Compacts,
        PartitionRules.AttachScans,
        PartitionRules.DetachBlocks,
        PartitionRules.CreatesPartition,
        TableBehaviourRules.RowSecurityChanges,
        TableBehaviourRules.TriggerChanges,
        TableBehaviourRules.ReplicaIdentityChanges,
        TableBehaviourRules.PrivilegesChange,
        CreateIndexRules.CreateIndexBlocking,
        IndexRules.DropIndexBlocking,
        IndexRules.ReindexBlocking,
        IndexRules.IndexDropped,
        TransactionRules.Concurrently,
        CreateIndexRules.ConcurrentIndexInvalid,
        IndexRules.RefreshBlocking,
        TypeRules.RenamesValue,
        TypeRules.RemovesValue,
        TypeRules.UsedTooEarly,
        TypeRules.AddsUnordered,
        TypeRules.ConstrainsDomain,
        TransactionRules.AfterAccessExclusive,
        TransactionRules.LockTimeoutMissing,
        TransactionRules.StatementTimeoutMissing,
        TransactionRules.Controls,
        TransactionRules.Unclosed,
        DataRules.WithDdl,
        DataRules.WithoutWhere,
        DataRules.LosesRows,
        TransactionRules.LocksTable,
        OpaqueSqlRule.OpaqueSql,
        StatementConventionRules.SplitAlterTable,
        StatementConventionRules.NotIdempotent,
        ColumnConventionRules.PreferBigint,
        ColumnConventionRules.PreferIdentity,
        ColumnConventionRules.PreferTimestamptz,
        ColumnConventionRules.PreferText,
        StatementConventionRules.IdentifierTruncated,
        StatementConventionRules.UnqualifiedTableName,
        ColumnConventionRules.JsonColumn,
        CreateIndexRules.WideIndex,
        StatementConventionRules.NoPrimaryKey,
        StatementConventionRules.RollbackMissing,
    ];

    public static IReadOnlyList<RuleDescription> All { get; } =
        [.. Rules.Add(IgnoreRules.WithoutReason).Add(IgnoreRules.Unused)
            .Select(rule => new RuleDescription(rule.Id, rule.Title, rule.Categories, rule.Severity, rule.IsOptional))];

    /// <summary>
    /// The rule's page as Markdown: what and why, bad SQL, the safe way, exceptions. Null for a rule that does not exist.
    /// </summary>
    public static string? Page(string id)
    {
        using Stream? stream = typeof(RuleCatalog).Assembly.GetManifestResourceStream($"rules/{id}.md");
        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
