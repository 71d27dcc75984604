using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>What a constraint adds to a table: itself, its index, NOT NULL.</summary>
internal static class ConstraintFold
{
    public static KnownTable Add(KnownSchema schema, KnownTable table, Constraint constraint)
    {
        if (table.IsFull)
        {
            return table with { IsComplete = false };
        }

        KnownIndex? given = constraint is KeyConstraint { UsingIndex: { } index } ? table.Index(index) : null;
        Constraint definition = Resolved(schema, constraint, given);
        string name = constraint.Name ?? given?.Name ?? MadeUp(table.Name.Name, definition);
        KnownConstraint known = new(name, definition, !constraint.NotValid && !constraint.NotEnforced, schema.Now);
        table = table with { Constraints = table.Constraints.Add(known) };
        return definition switch
        {
            KeyConstraint key => WithIndex(table, key, name, given, schema.Now),
            ExclusionConstraint exclusion =>
                table with { Indexes = table.Indexes.Add(new KnownIndex(name, [.. exclusion.Columns], Unique: false, schema.Now)) },
            NotNullConstraint { Column: { } column, NotValid: false } => WithNotNull(table, [column]),
            _ => table,
        };
    }

    private static Constraint Resolved(KnownSchema schema, Constraint constraint, KnownIndex? given) => constraint switch
    {
        ForeignKeyConstraint key => key with { Table = schema.Resolve(key.Table) },
        UniqueConstraint { Columns.Count: 0 } unique when given is not null => unique with { Columns = Plain(given) },
        PrimaryKeyConstraint { Columns.Count: 0 } primary when given is not null => primary with { Columns = Plain(given) },
        _ => constraint,
    };

    private static ValueList<string> Plain(KnownIndex index) => [.. index.Columns.OfType<string>()];

    private static KnownTable WithIndex(KnownTable table, KeyConstraint key, string name, KnownIndex? given, Moment now)
    {
        table = given is null
            ? table with { Indexes = table.Indexes.Add(new KnownIndex(name, [.. key.Columns], Unique: true, now)) }
            : table with { Indexes = table.Indexes.Replace(given, given with { Name = name }) };
        return key is PrimaryKeyConstraint ? WithNotNull(table, key.Columns) : table;
    }

    private static KnownTable WithNotNull(KnownTable table, ValueList<string> columns) =>
        table with
        {
            Columns = [.. table.Columns.Select(column => columns.Contains(column.Name) ? column with { NotNull = true } : column)],
        };

    /// <summary>
    /// The name that PostgreSQL chooses (its ChooseConstraintName), without the number that it adds to a name which is taken.
    /// </summary>
    private static string MadeUp(string table, Constraint constraint) => constraint switch
    {
        PrimaryKeyConstraint => $"{table}_pkey",
        UniqueConstraint unique => $"{table}_{string.Join('_', unique.Columns)}_key",
        ForeignKeyConstraint key => $"{table}_{string.Join('_', key.Columns)}_fkey",
        ExclusionConstraint exclusion => $"{table}_{string.Join('_', exclusion.Columns)}_excl",
        NotNullConstraint { Column: { } column } => $"{table}_{column}_not_null",
        CheckConstraint { Expression.Columns: [var column] } => $"{table}_{column}_check",
        _ => $"{table}_check",
    };
}
