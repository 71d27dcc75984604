namespace SchemaGate.Core.Migrations;

/// <summary>One migration: a directory with a <c>migration.sql</c> (Prisma's layout).</summary>
/// <param name="Name">The directory's name.</param>
/// <param name="Sql">The file's text; invalid UTF-8 is U+FFFD, as Prisma reads it; a BOM stays.</param>
/// <param name="Checksum">The file's checksum, as Prisma writes it.</param>
public sealed record Migration(string Name, string Sql, MigrationChecksum Checksum);
