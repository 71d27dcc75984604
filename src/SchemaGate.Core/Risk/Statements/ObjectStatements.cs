namespace SchemaGate.Core.Risk.Statements;

/// <summary>DROP of anything that has a name, databases, roles, tablespaces and subscriptions too.</summary>
/// <param name="Names">A domain or type has its name, a function no arguments, a schema no schema.</param>
public sealed record DropObjects(ObjectKind Kind, ValueList<ObjectName> Names) : Statement
{
    /// <summary>The table of a trigger, a rule or a policy.</summary>
    public ObjectName? OnTable { get; init; }

    public bool Cascade { get; init; }

    public bool Concurrently { get; init; }

    public bool IfExists { get; init; }
}

/// <summary>DROP OWNED BY.</summary>
public sealed record DropOwned(ValueList<string> Roles, bool Cascade) : Statement;

/// <summary>RENAME of anything: of an object, or of a column, attribute, constraint, trigger, rule or policy in one.</summary>
/// <param name="Kind">What gets a new name; Column for a column.</param>
/// <param name="Name">The object; where <paramref name="Member"/> is set, the one that has the member.</param>
/// <param name="Member">The old name of the column, attribute, constraint, trigger, rule or policy.</param>
/// <param name="OfKind">The kind of <paramref name="Name"/> where it has a member, else <paramref name="Kind"/>.</param>
public sealed record RenameObject(ObjectKind Kind, ObjectName Name, string? Member, string NewName, ObjectKind OfKind) : Statement
{
    public bool IfExists { get; init; }
}

/// <summary>SET SCHEMA.</summary>
public sealed record SetSchema(ObjectKind Kind, ObjectName Name, string NewSchema) : Statement;

/// <summary>OWNER TO, except ALTER TABLE's, which is an action.</summary>
public sealed record ChangeOwner(ObjectKind Kind, ObjectName Name) : Statement;

public sealed record CreateSchema(string Name) : Statement
{
    public bool IfNotExists { get; init; }

    /// <summary>The statements within it; their spans are the whole statement's.</summary>
    public ValueList<Statement> Elements { get; init; }
}

public sealed record CreateExtension(string Name, bool IfNotExists) : Statement;

public sealed record AlterExtension(string Name) : Statement;

public sealed record CreateSequence(ObjectName Name, bool IfNotExists) : Statement;

public sealed record AlterSequence(ObjectName Name) : Statement;

public sealed record CreateView(ObjectName Name, bool OrReplace, bool Temporary) : Statement;

public sealed record CreateMaterializedView(ObjectName Name, bool IfNotExists) : Statement;

public sealed record RefreshMaterializedView(ObjectName Name, bool Concurrently, bool WithData) : Statement;

/// <summary>CREATE FUNCTION or PROCEDURE.</summary>
/// <param name="Language">In lower case; sql for a body that is written as SQL.</param>
public sealed record CreateFunction(ObjectName Name, bool IsProcedure, bool OrReplace, string? Language) : Statement
{
    public FunctionVolatility Volatility { get; init; }
}

public enum FunctionVolatility
{
    Volatile,
    Stable,
    Immutable,
}

public sealed record CreateTrigger(string Name, ObjectName Table, bool OrReplace) : Statement;

public sealed record CreateRule(string Name, ObjectName Table, bool OrReplace) : Statement;

public sealed record CreatePolicy(string Name, ObjectName Table) : Statement;

public sealed record AlterPolicy(string Name, ObjectName Table) : Statement;

public sealed record CreatePublication(string Name, ValueList<ObjectName> Tables, bool AllTables) : Statement;

public sealed record CreateStatistics(ObjectName? Name, ValueList<ObjectName> Tables) : Statement;

/// <summary>COMMENT ON.</summary>
/// <param name="Name">The object; a column's table. Null where it has no such name (a cast, an operator).</param>
public sealed record CommentOn(ObjectKind Kind, ObjectName? Name) : Statement;

/// <summary>GRANT or REVOKE of privileges on objects, or, with Kind Role, of roles.</summary>
/// <param name="Names">Empty with ALL … IN SCHEMA and ALTER DEFAULT PRIVILEGES.</param>
public sealed record ChangePrivileges(bool IsGrant, ObjectKind Kind, ValueList<ObjectName> Names) : Statement
{
    /// <summary>It is ALTER DEFAULT PRIVILEGES: about objects to come.</summary>
    public bool Default { get; init; }
}
