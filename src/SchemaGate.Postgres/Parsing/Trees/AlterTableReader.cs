using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class AlterTableReader
{
    public static AlterTable Read(Node node) =>
        new(Names.Kind(node.Text("objtype") ?? node.Text("relkind")), Names.Relation(
            node["relation"]), [.. node.Items("cmds").Select(command => Action(command["AlterTableCmd"]))])
        {
            IfExists = node.Flag("missing_ok"),
            Only = !node["relation"].Flag("inh"),
        };

    private static TableAction Action(Node node)
    {
        string tag = node.Text("subtype") ?? "";
        return ColumnActionReader.Read(tag, node) ?? ConstraintAction(tag, node) ?? TableWide(tag, node)
            ?? (TableAction)new OtherAction(tag);
    }

    private static TableAction? ConstraintAction(string tag, Node node) => tag switch
    {
        "AT_AddConstraint" when ConstraintReader.Read(node["def"]["Constraint"], column: null) is { } constraint =>
            new AddConstraint(constraint),
        "AT_AlterConstraint" => AlterConstraint(node),
        "AT_ValidateConstraint" => new ValidateConstraint(node.Text("name") ?? ""),
        "AT_DropConstraint" => new DropConstraint(node.Text("name") ?? "", node.Flag("missing_ok"), Names.IsCascade(node)),
        _ => null,
    };

    private static AlterConstraint AlterConstraint(Node node)
    {
        Node constraint = node["def"].Body;
        return new(constraint.Text("conname") ?? "", constraint.Flag("deferrable"), constraint.Flag("alterEnforceability")
            && constraint.Flag("is_enforced"));
    }

    private static TableAction? TableWide(string tag, Node node)
    {
        string? name = node.Text("name");
        return tag switch
        {
            "AT_ChangeOwner" => new ChangeTableOwner(node["newowner"].Text("rolename")),
            "AT_SetLogged" => new SetLogged(true),
            "AT_SetUnLogged" => new SetLogged(false),
            "AT_SetTableSpace" => new SetTablespace(name ?? ""),
            "AT_SetAccessMethod" => new SetAccessMethod(name),
            "AT_SetRelOptions" => new SetStorageParameters(Reset: false, Parameters(node)),
            "AT_ResetRelOptions" => new SetStorageParameters(Reset: true, Parameters(node)),
            "AT_AttachPartition" => new AttachPartition(Partition(node), node["def"].Body["bound"].Flag("is_default")),
            "AT_DetachPartition" => new DetachPartition(Partition(node), node["def"].Body.Flag("concurrent"), Finalize: false),
            "AT_DetachPartitionFinalize" => new DetachPartition(Partition(node), Concurrently: false, Finalize: true),
            "AT_AddInherit" => new Inherit(Names.Relation(node["def"])),
            "AT_DropInherit" => new NoInherit(Names.Relation(node["def"])),
            "AT_EnableRowSecurity" => new SetRowSecurity(RowSecurity.Enable),
            "AT_DisableRowSecurity" => new SetRowSecurity(RowSecurity.Disable),
            "AT_ForceRowSecurity" => new SetRowSecurity(RowSecurity.Force),
            "AT_NoForceRowSecurity" => new SetRowSecurity(RowSecurity.NoForce),
            "AT_EnableTrig" or "AT_EnableAlwaysTrig" or "AT_EnableReplicaTrig" or "AT_EnableTrigAll" or "AT_EnableTrigUser" =>
                new SetTrigger(name, IsRule: false, Enabled: true),
            "AT_DisableTrig" or "AT_DisableTrigAll" or "AT_DisableTrigUser" => new SetTrigger(name, IsRule: false, Enabled: false),
            "AT_EnableRule" or "AT_EnableAlwaysRule" or "AT_EnableReplicaRule" => new SetTrigger(name, IsRule: true, Enabled: true),
            "AT_DisableRule" => new SetTrigger(name, IsRule: true, Enabled: false),
            "AT_ReplicaIdentity" => ReplicaIdentityOf(node["def"].Body),
            "AT_ClusterOn" => new ClusterOn(name),
            "AT_DropCluster" => new ClusterOn(Index: null),
            "AT_AddOf" => new SetOfType(Names.Object(node["def"])),
            "AT_DropOf" => new SetOfType(Type: null),
            _ => null,
        };
    }

    private static ObjectName Partition(Node node) => Names.Relation(node["def"].Body["name"]);

    private static ValueList<StorageParameter> Parameters(Node node) =>
        [.. node.Items("def").Select(item => item["DefElem"])
            .Select(option => new StorageParameter(ParameterName(option), ConstantReader.Text(option["arg"])))];

    /// <summary>With what stands before its point: <c>toast.autovacuum_enabled</c>.</summary>
    private static string ParameterName(Node option) =>
        $"{(option.Text("defnamespace") is { } space ? $"{space}." : "")}{option.Text("defname")}";

    private static SetReplicaIdentity ReplicaIdentityOf(Node node) => new(
        node.Text("identity_type") switch
        {
            "f" => ReplicaIdentity.Full,
            "n" => ReplicaIdentity.Nothing,
            "i" => ReplicaIdentity.UsingIndex,
            _ => ReplicaIdentity.Default,
        },
        node.Text("name"));
}
