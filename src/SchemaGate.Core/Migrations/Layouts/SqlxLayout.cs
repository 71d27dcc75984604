using System.Security.Cryptography;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>sqlx's <c>20240101_x.sql</c>, or <c>x.up.sql</c> beside <c>x.down.sql</c> (sqlx-core/src/migrate/source.rs).</summary>
internal sealed class SqlxLayout : NumberedLayout
{
    public override MigrationTool Tool => MigrationTool.Sqlx;

    /// <summary>Plain SQL is what is left where no other tool has put its mark.</summary>
    public override bool Recognises(IReadOnlyList<LayoutFile> files) =>
        base.Recognises(files) && !files.Any(file => file.FileName == AtlasLayout.SumFile || file.Path == DrizzleLayout.Journal);

    protected override bool IsCertain(LayoutFile file) =>
        !ScriptParts.HasMark(file, GooseLayout.UpMark) && !ScriptParts.HasMark(file, DbmateLayout.UpMark)
        && !ScriptParts.HasMark(file, "liquibase formatted sql")
        && !ScriptParts.HasMark(file, NodePgMigrateLayout.UpMark);

    protected override Migration? Migration(LayoutFile file) =>
        file.EndsWith(".down.sql") || NumberedStem(file, ".up.sql", ".sql") is not { } name || !name.Contains('_', StringComparison.Ordinal)
            ? null
            : OfNumber(name, file.Text, MigrationChecksum.Exactly(Convert.ToHexStringLower(SHA384.HashData(file.Bytes.Span))));
}
