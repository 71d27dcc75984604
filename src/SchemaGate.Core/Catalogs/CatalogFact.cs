namespace SchemaGate.Core.Catalogs;

/// <summary>
/// The names of facts. What is true or not is <c>yes</c> or absent. What is called quoted has quotation marks whatever the name is
/// (<c>"public"."users"</c>), so that equal names have equal texts on every server.
/// </summary>
public static class CatalogFact
{
    /// <summary>Any object: its COMMENT.</summary>
    public const string Comment = "comment";

    /// <summary>
    /// Any object: privileges as <c>"role"=privileges</c> in pg_catalog's letters, sorted, one a line, without the owner's own;
    /// <c>public</c>, without quotation marks, is PUBLIC. Absent where they are the kind's default.
    /// </summary>
    public const string Grants = "grants";

    /// <summary>What has an owner: the role. Never compared: a scratch database's objects belong to whoever made it.</summary>
    public const string OwnerRole = "owner";

    /// <summary>
    /// The whole definition in the server's words: views (the query), functions and procedures (CREATE OR REPLACE …), indexes, triggers,
    /// rules, extended statistics (CREATE …), constraints (what follows CONSTRAINT name), aggregates and ranges (CREATE …), collations
    /// (what stands in CREATE COLLATION's parentheses).
    /// </summary>
    public const string Definition = "definition";

    /// <summary>Columns, domains, sequences: the type, with its modifier.</summary>
    public const string Type = "type";

    /// <summary>Columns and domains.</summary>
    public const string NotNull = "not null";

    /// <summary>Columns that are not null, from PostgreSQL 18: the constraint. Never compared: one that a name was given to is an object.
    /// </summary>
    public const string NotNullName = "not null constraint";

    /// <summary>Columns and domains: the expression; of a generated column, too.</summary>
    public const string Default = "default";

    /// <summary>Columns: <c>always</c> or <c>by default</c>.</summary>
    public const string Identity = "identity";

    /// <summary>Sequences, and columns with an identity: what could follow CREATE SEQUENCE name, without its defaults.</summary>
    public const string SequenceOptions = "sequence";

    /// <summary>
    /// Columns with an identity: its sequence, quoted and qualified. Only one that was given another name than the server gives it counts.
    /// </summary>
    public const string IdentitySequence = "identity sequence";

    /// <summary>Columns: <c>stored</c> or <c>virtual</c>.</summary>
    public const string Generated = "generated";

    /// <summary>Columns and domains: where it is not the type's own.</summary>
    public const string Collation = "collation";

    /// <summary>Columns: where it is not the type's own.</summary>
    public const string Storage = "storage";

    public const string Compression = "compression";

    /// <summary>Columns, extended statistics; indexes: <c>column's number=target</c>, with commas.</summary>
    public const string StatisticsTarget = "statistics target";

    /// <summary>Columns, constraints, indexes and triggers that a parent gave (inheritance, partitions).</summary>
    public const string Inherited = "inherited";

    /// <summary>Columns that a view's query makes: of them only this, their defaults, comments and grants are told.</summary>
    public const string OfView = "of view";

    /// <summary>Columns: the place, from 1, without dropped ones. Never compared: no statement changes it.</summary>
    public const string Position = "position";

    /// <summary>Tables: <c>unlogged</c>.</summary>
    public const string Persistence = "persistence";

    /// <summary>Partitioned tables: what follows PARTITION BY.</summary>
    public const string PartitionBy = "partition by";

    /// <summary>Partitions: the parent, quoted and qualified.</summary>
    public const string PartitionOf = "partition of";

    /// <summary>Partitions: FOR VALUES …, or DEFAULT.</summary>
    public const string PartitionBound = "partition bound";

    /// <summary>Tables: the parents, quoted and qualified, in their order.</summary>
    public const string Inherits = "inherits";

    /// <summary>Tables: the composite type that OF names.</summary>
    public const string OfType = "of type";

    /// <summary>Tables and materialized views: where it is not heap.</summary>
    public const string AccessMethod = "access method";

    /// <summary>Foreign tables: what follows SERVER.</summary>
    public const string Server = "server";

    /// <summary>
    /// Tables and views: storage parameters, those of the toast table with <c>toast.</c> before them; columns: their own, and the foreign
    /// data wrapper's; publications: what follows WITH. <c>name=value</c>, sorted, with commas.
    /// </summary>
    public const string Options = "options";

    public const string RowSecurity = "row security";

    public const string ForceRowSecurity = "force row security";

    /// <summary>Tables: <c>nothing</c>, <c>full</c>, or the index's name.</summary>
    public const string ReplicaIdentity = "replica identity";

    /// <summary>Indexes: the table or materialized view, quoted and qualified.</summary>
    public const string Table = "table";

    /// <summary>Indexes: <c>no</c> where a build has failed.</summary>
    public const string Valid = "valid";

    /// <summary>Indexes: the constraint that it is part of. Such a one is made and dropped with it.</summary>
    public const string OfConstraint = "of constraint";

    /// <summary>Constraints: <c>check</c>, <c>unique</c>, <c>primary key</c>, <c>foreign key</c>, <c>exclude</c>,
    /// <c>not null</c>.</summary>
    public const string ConstraintType = "constraint type";

    /// <summary>Triggers and rules: <c>disabled</c>, <c>replica</c>, <c>always</c>.</summary>
    public const string Enabled = "enabled";

    /// <summary>
    /// Functions, procedures and aggregates: the arguments' types, with commas. A name is the function's own, and these in parentheses.
    /// </summary>
    public const string Arguments = "arguments";

    /// <summary>Enums: the labels in their order, each quoted as a literal, one a line.</summary>
    public const string Labels = "labels";

    /// <summary>Composite types: <c>"name" type</c>, one a line.</summary>
    public const string Attributes = "attributes";

    /// <summary>Sequences: the column that owns it, quoted and qualified.</summary>
    public const string OwnedBy = "owned by";

    /// <summary>Policies: the command.</summary>
    public const string Command = "command";

    /// <summary>Policies: <c>restrictive</c>.</summary>
    public const string Restrictive = "restrictive";

    /// <summary>Policies: quoted, sorted, with commas; <c>public</c>, without quotation marks, is PUBLIC.</summary>
    public const string Roles = "roles";

    public const string Using = "using";

    public const string WithCheck = "with check";

    /// <summary>Extensions.</summary>
    public const string Version = "version";

    /// <summary>Extensions: where its objects are.</summary>
    public const string InSchema = "schema";

    /// <summary>Publications: what follows FOR, without the options.</summary>
    public const string Publishes = "publishes";
}
