namespace SchemaGate.Core.Risk.Statements;

/// <summary>An action of ALTER TABLE on one column; on a composite type, on one attribute.</summary>
public abstract record ColumnAction(string Column) : TableAction;

public sealed record AddColumn(ColumnDefinition Definition, bool IfNotExists) : ColumnAction(Definition.Name);

public sealed record DropColumn(string Column, bool IfExists, bool Cascade) : ColumnAction(Column);

public sealed record AlterColumnType(string Column, TypeName Type, Expression? Using, string? Collation) : ColumnAction(Column);

public sealed record SetNotNull(string Column) : ColumnAction(Column);

public sealed record DropNotNull(string Column) : ColumnAction(Column);

public sealed record SetDefault(string Column, Expression Expression) : ColumnAction(Column);

public sealed record DropDefault(string Column) : ColumnAction(Column);

/// <summary>SET EXPRESSION AS (17) of a generated column.</summary>
public sealed record SetExpression(string Column, Expression Expression) : ColumnAction(Column);

public sealed record DropExpression(string Column, bool IfExists) : ColumnAction(Column);

/// <summary>ADD GENERATED … AS IDENTITY to a column that exists.</summary>
public sealed record AddIdentity(string Column, IdentityKind Kind) : ColumnAction(Column);

public sealed record SetIdentity(string Column) : ColumnAction(Column);

public sealed record DropIdentity(string Column, bool IfExists) : ColumnAction(Column);

public sealed record SetColumnStatistics(string Column) : ColumnAction(Column);

/// <summary>SET (n_distinct = …) or RESET.</summary>
public sealed record SetColumnOptions(string Column) : ColumnAction(Column);

public sealed record SetColumnStorage(string Column) : ColumnAction(Column);

public sealed record SetColumnCompression(string Column) : ColumnAction(Column);
