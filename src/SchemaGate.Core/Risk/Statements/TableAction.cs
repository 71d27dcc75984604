namespace SchemaGate.Core.Risk.Statements;

/// <summary>One action of an ALTER TABLE, in order.</summary>
public abstract record TableAction
{
    private protected TableAction()
    {
    }

    /// <summary>The action alone, up to its comma; the whole statement where that could not be told.</summary>
    public TextSpan Span { get; init; }
}

/// <summary>An action that is read, and of which no more needs to be known.</summary>
/// <param name="Tag">The parse tree's subtype: <c>AT_DropOids</c>.</param>
public sealed record OtherAction(string Tag) : TableAction;

public sealed record AddConstraint(Constraint Constraint) : TableAction;

/// <summary>ALTER CONSTRAINT.</summary>
/// <param name="Name">The constraint's name.</param>
/// <param name="Deferrable">DEFERRABLE is written.</param>
/// <param name="Enforce">ENFORCED (18) is written, which checks all rows.</param>
public sealed record AlterConstraint(string Name, bool Deferrable, bool Enforce) : TableAction;

public sealed record ValidateConstraint(string Name) : TableAction;

public sealed record DropConstraint(string Name, bool IfExists, bool Cascade) : TableAction;

public sealed record ChangeTableOwner(string? Owner) : TableAction;

/// <summary>SET LOGGED or SET UNLOGGED.</summary>
public sealed record SetLogged(bool Logged) : TableAction;

public sealed record SetTablespace(string Tablespace) : TableAction;

/// <summary>SET ACCESS METHOD; null is DEFAULT (17).</summary>
public sealed record SetAccessMethod(string? Method) : TableAction;

/// <summary>SET (…) or RESET (…) of storage parameters.</summary>
public sealed record SetStorageParameters(bool Reset, ValueList<StorageParameter> Parameters) : TableAction;

/// <summary>A storage parameter; the value null where it is reset or a bare name.</summary>
public sealed record StorageParameter(string Name, string? Value);

/// <summary>ATTACH PARTITION of a table, or of an index's partition.</summary>
public sealed record AttachPartition(ObjectName Partition, bool IsDefault) : TableAction;

public sealed record DetachPartition(ObjectName Partition, bool Concurrently, bool Finalize) : TableAction;

public sealed record Inherit(ObjectName Parent) : TableAction;

public sealed record NoInherit(ObjectName Parent) : TableAction;

public sealed record SetRowSecurity(RowSecurity Mode) : TableAction;

public enum RowSecurity
{
    Enable,
    Disable,
    Force,
    NoForce,
}

/// <summary>ENABLE or DISABLE TRIGGER or RULE.</summary>
/// <param name="Name">Null for ALL and USER.</param>
/// <param name="IsRule">It is about a rule.</param>
/// <param name="Enabled">False for DISABLE.</param>
public sealed record SetTrigger(string? Name, bool IsRule, bool Enabled) : TableAction;

/// <summary>REPLICA IDENTITY.</summary>
public sealed record SetReplicaIdentity(ReplicaIdentity Identity, string? Index) : TableAction;

public enum ReplicaIdentity
{
    Default,
    Full,
    Nothing,
    UsingIndex,
}

/// <summary>CLUSTER ON an index; null is SET WITHOUT CLUSTER.</summary>
public sealed record ClusterOn(string? Index) : TableAction;

/// <summary>OF a composite type; null is NOT OF.</summary>
public sealed record SetOfType(ObjectName? Type) : TableAction;
