using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What rules ask about the other statements of a migration, looked up once.</summary>
/// <param name="Statements">In order.</param>
/// <param name="ChangesSchema">One of them does.</param>
/// <param name="Later">What becomes of what a statement takes away.</param>
/// <param name="Before">The schema before the first statement.</param>
internal sealed record MigrationOutline(
    IReadOnlyList<Statement> Statements, bool ChangesSchema, LaterChanges Later, KnownSchema Before)
{
    public static MigrationOutline Of(IReadOnlyList<Statement> statements, string schema, KnownSchema before) => new(
        statements, statements.Any(IsDdl), new LaterChanges(statements, schema), before);

    private static bool IsDdl(Statement statement) =>
        statement is AlterTable or CreateTable or CreateIndex or DropObjects or RenameObject or TruncateTables or CreateEnumType
            or AddEnumValue;
}
