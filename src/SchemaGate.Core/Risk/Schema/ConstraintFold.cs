using System.Text;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>What a constraint adds to a table: itself, its index, NOT NULL.</summary>
internal static class ConstraintFold
{
    /// <summary>The least bytes of a name that was cut to 63: both its parts lose whole characters, of four bytes at most.</summary>
    private const int LeastOfCutName = 57;

    public static KnownTable Add(KnownSchema schema, KnownTable table, Constraint constraint)
    {
        if (table.IsFull)
        {
            return table with { IsComplete = false };
        }

        KnownIndex? given = constraint is KeyConstraint { UsingIndex: { } index } ? table.Index(index) : null;
        Constraint definition = Resolved(schema, table, constraint, given);
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

    private static Constraint Resolved(KnownSchema schema, KnownTable table, Constraint constraint, KnownIndex? given) => constraint switch
    {
        ForeignKeyConstraint { ReferencedColumns.Count: > 0 } key => key with { Table = schema.Resolve(key.Table) },
        ForeignKeyConstraint key when schema.Resolve(key.Table) is var parent =>
            key with { Table = parent, ReferencedColumns = PrimaryKey(schema, table, parent)?.Columns ?? [] },
        UniqueConstraint { Columns.Count: 0 } unique when given is not null =>
            unique with { Columns = Plain(given), NullsNotDistinct = given.NullsNotDistinct },
        PrimaryKeyConstraint { Columns.Count: 0 } primary when given is not null => primary with { Columns = Plain(given) },
        _ => constraint,
    };

    /// <summary>Of a table that may be the one which is being made.</summary>
    private static PrimaryKeyConstraint? PrimaryKey(KnownSchema schema, KnownTable table, ObjectName parent) =>
        parent == table.Name ? table.PrimaryKey : schema.FindTable(parent)?.PrimaryKey;

    private static ValueList<string> Plain(KnownIndex index) => [.. index.Columns.OfType<string>()];

    private static KnownTable WithIndex(KnownTable table, KeyConstraint key, string name, KnownIndex? given, Moment now)
    {
        table = given is null
            ? table with
            {
                Indexes = table.Indexes.Add(new KnownIndex(name, [.. key.Columns], Unique: true, now)
                {
                    Include = key.Include,
                    NullsNotDistinct = key is UniqueConstraint { NullsNotDistinct: true },
                }),
            }
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

    /// <summary>
    /// A constraint of the table may be called so, because the server made the name up: of two that are cut or numbered nobody knows the
    /// name, and that of NOT NULL (18) stands nowhere.
    /// </summary>
    public static bool MayBeMadeUp(KnownTable table, string name) =>
        name.Contains("_not_null", StringComparison.Ordinal)
        || table.Constraints.Where(constraint => constraint.Definition.Name is null).Any(constraint =>
            Encoding.UTF8.GetByteCount(name) >= LeastOfCutName
            || name.StartsWith($"{table.Name.Name}_", StringComparison.Ordinal)
            || name.StartsWith(constraint.Name, StringComparison.Ordinal));
}
