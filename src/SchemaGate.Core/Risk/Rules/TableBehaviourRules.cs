using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>What code sees or may do changes, though the table does not.</summary>
internal static class TableBehaviourRules
{
    public static RiskRule RowSecurityChanges { get; } = new(
        "rls-change", "Code sees or may change other rows than before", BreaksApplication, RiskSeverity.Medium,
        "Create the policies before row security is enabled; try them as the application's role.")
    {
        Judge = static context => context switch
        {
            { IsOnExisting: true, Action: SetRowSecurity } => [Changed("Row security", context.TableName)],
            { Statement: CreatePolicy create } when !context.Schema.IsExempt(create.Table) =>
                [Changed($"Policy `{create.Name}`", context.Name(create.Table))],
            { Statement: AlterPolicy alter } when !context.Schema.IsExempt(alter.Table) =>
                [Changed($"Policy `{alter.Name}`", context.Name(alter.Table))],
            { Statement: DropObjects { Kind: ObjectKind.Policy, OnTable: { } table } drop }
                when !context.Schema.IsExempt(table) && !drop.Names.All(name => context.NeverHad(drop, name)) =>
                [Changed("Dropping a policy", context.Name(table))],
            _ => [],
        },
    };

    public static RiskRule TriggerChanges { get; } = new(
        "trigger-change", "Writes do more, or less, than before", BreaksApplication, RiskSeverity.Medium, "Try it under the running code; "
            + "writes queue for a moment.")
    {
        Judge = static context => context switch
        {
            { IsOnExisting: true, Action: SetTrigger set } =>
                [new($"{(set.Enabled ? "Enables" : "Disables")} {Triggers(set)} of "
                    + $"{context.TableName}: writes do something else than before.")],
            { Statement: CreateTrigger create } when !context.Schema.IsExempt(create.Table) =>
                [new($"Trigger `{create.Name}` changes what writes to {context.Name(create.Table)} do.")],
            { Statement: CreateRule create } when !context.Schema.IsExempt(create.Table) =>
                [new($"Rule `{create.Name}` changes what statements on {context.Name(create.Table)} do.")],
            _ => [],
        },
    };

    public static RiskRule ReplicaIdentityChanges { get; } = new(
        "replica-identity", "Subscribers get other old values, or updates fail", BreaksApplication, RiskSeverity.Medium,
        "Look at the publications; NOTHING makes updates of a published table fail.")
    {
        Judge = static context => context is { IsOnExisting: true, Action: SetReplicaIdentity }
            ? [new($"The replica identity of {context.TableName} changes: "
                + "what subscribers are told of updates and deletes changes with it.")]
            : [],
    };

    public static RiskRule PrivilegesChange { get; } = new(
        "privilege-change", "Code may do more, or less, than before", BreaksApplication, RiskSeverity.Medium, "Try it as the application's "
            + "role before; grant first, revoke in a later release.")
    {
        Judge = static context => context switch
        {
            { Statement: ChangePrivileges { Default: false, IsGrant: false } change } when !AreNew(context, change) =>
                [new($"REVOKE{On(context, change)}: code that runs as that role may fail.")],
            { Statement: ChangePrivileges { Default: false, IsGrant: true } change } when !AreNew(context, change) =>
                [new($"GRANT{On(context, change)}: a role may do more than before.") { Severity = RiskSeverity.Information }],
            { IsOnExisting: true, Action: ChangeTableOwner } =>
                [new($"{context.TableName} gets another owner: who may alter it changes, and row security for both.")],
            _ => [],
        },
    };

    private static string Triggers(SetTrigger set) => set.Name is { } name ? $"`{name}`" : "all triggers";

    private static Hit Changed(string what, string table) => new($"{what} of {table}: code sees, or may change, other rows than before.");

    private static bool AreNew(StatementContext context, ChangePrivileges change) =>
        change.Names.Count > 0 && change.Names.All(context.Schema.IsExempt);

    private static string On(StatementContext context, ChangePrivileges change) =>
        change.Names.Count == 0 ? "" : $" on {string.Join(", ", change.Names.Select(context.Name))}";
}
