using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Catalogs.Folding;

/// <summary>
/// What migrations build as far as their text tells, and where it does not: what may be otherwise for a reason that nobody can read.
/// </summary>
public sealed class FoldedSchema
{
    private FoldedSchema(KnownSchema schema, FoldDoubts doubts, bool isWhole) => (Schema, Doubts, IsWhole) = (schema, doubts, isWhole);

    internal KnownSchema Schema { get; }

    /// <summary>The schemas in which something was built, sorted.</summary>
    public IReadOnlyList<string> Schemas =>
    [
        .. Schema.Relations.Keys.Concat(Schema.Types.Keys).Concat(Schema.Functions.Keys).Select(name => name.Schema)
            .OfType<string>().Where(name => !name.StartsWith("pg_", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    internal FoldDoubts Doubts { get; }

    /// <summary>Nothing beside the migrations makes parts of the schema.</summary>
    internal bool IsWhole { get; }

    /// <summary>Folds the migrations that a history has applied, in their order. Pure, and bounded by the length of their text.</summary>
    /// <param name="applied">The migrations.</param>
    /// <param name="searchSchema">The schema of names without one.</param>
    /// <param name="isWhole">Whether nothing beside the migrations makes parts of the schema.</param>
    public static FoldedSchema Of(IEnumerable<ParsedMigration> applied, string searchSchema = "public", bool isWhole = true)
    {
        ArgumentNullException.ThrowIfNull(applied);
        FoldDoubts doubts = new();
        KnownSchema schema = KnownSchema.Empty with { NamesOthers = !isWhole };
        foreach ((int index, ParsedMigration migration) in applied.Index())
        {
            schema = SchemaFold.NewSession(schema, new Moment(index, index), searchSchema);
            foreach (Statement statement in migration.Script.Statements)
            {
                doubts.Note(statement, migration, schema);
                schema = FoldDoubts.Marked(SchemaFold.After(schema, statement).Naming(statement, schema), statement, schema);
            }
        }

        return new FoldedSchema(schema.WithoutTemporaries(), doubts, isWhole);
    }
}
