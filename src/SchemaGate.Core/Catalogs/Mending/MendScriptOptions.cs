namespace SchemaGate.Core.Catalogs.Mending;

/// <param name="AllowDestructive">Prints as statements, not as comments, what loses data or objects.</param>
public sealed record MendScriptOptions(bool AllowDestructive);
