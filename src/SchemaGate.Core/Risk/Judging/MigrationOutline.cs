using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>What rules ask about the other statements of a migration, looked up once.</summary>
/// <param name="Statements">In order.</param>
/// <param name="ChangesSchema">One of them does.</param>
/// <param name="Views">The views that it creates, with their schema.</param>
/// <param name="Later">What becomes of what a statement takes away.</param>
/// <param name="Before">The schema before the first statement.</param>
internal sealed record MigrationOutline(
    IReadOnlyList<Statement> Statements, bool ChangesSchema, IReadOnlySet<ObjectName> Views, LaterChanges Later, KnownSchema Before)
{
    public static MigrationOutline Of(IReadOnlyList<Statement> statements, string schema, KnownSchema before) => new(
        statements, statements.Any(IsDdl), statements.Select(Created).OfType<ObjectName>()
            .Select(name => name.Schema is null ? name with { Schema = schema } : name).ToHashSet(),
        new LaterChanges(statements, schema), before);

    /// <summary>What takes the view's name (or a table's) before the transaction ends: nobody sees it missing.</summary>
    public bool Creates(ObjectName name, KnownSchema schema) => Views.Contains(schema.Resolve(name));

    private static ObjectName? Created(Statement statement) => statement switch
    {
        CreateView create => create.Name,
        CreateMaterializedView create => create.Name,
        _ => null,
    };

    private static bool IsDdl(Statement statement) =>
        statement is AlterTable or CreateTable or CreateIndex or DropObjects or RenameObject or TruncateTables or CreateEnumType
            or AddEnumValue;
}
