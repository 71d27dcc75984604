using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Constraints of tables, in words.</summary>
internal static class ConstraintChanges
{
    public static string Noun(Constraint constraint) => constraint switch
    {
        ForeignKeyConstraint => "foreign key",
        PrimaryKeyConstraint => "primary key",
        UniqueConstraint => "unique constraint",
        CheckConstraint => "check",
        NotNullConstraint => "NOT NULL",
        _ => "exclusion constraint",
    };

    public static Change Added(AlterTable alter, Constraint constraint, KnownSchema schema)
    {
        string noun = Noun(constraint);
        string table = Marked.Name(alter.Table, schema);
        string columns = constraint switch
        {
            ForeignKeyConstraint key => $" ({Marked.List(key.Columns)}) to {Marked.Name(key.Table, schema)}",
            KeyConstraint { UsingIndex: { } index } => $", kept by the index {Marked.Code(index)}",
            KeyConstraint key => $" ({Marked.List(key.Columns)})",
            ExclusionConstraint exclusion => $" ({Marked.List(exclusion.Columns)})",
            NotNullConstraint { Column: { } column } => $" ({Marked.Code(column)})",
            _ => constraint.Name is null ? "" : $" ({Marked.Code(constraint.Name)})",
        };
        string later = constraint.NotValid ? ", existing rows unchecked" : "";
        Undo undo = constraint switch
        {
            KeyConstraint { UsingIndex: { } index } => new Undo.ByHand(
                $"drop the {noun} of {table}, and create the index {Marked.Code(index)} again, which goes with it"),
            { Name: { } name } => new Undo.Reverse("drop", noun, Sql.Alter(alter, $"DROP CONSTRAINT {Sql.Name(name)}")),
            _ => new Undo.ByHand($"drop the {noun} of {table}{columns}, whose name the server makes up"),
        };
        return Change.Additive($"ADD {Command(constraint)}", $"New {noun} on {table}{columns}{later}", undo);
    }

    public static Change Dropped(AlterTable alter, DropConstraint drop, StatementContext step)
    {
        string noun = step.Schema.Table(alter.Table).Constraint(drop.Name) is { } known ? Noun(known.Definition) : "constraint";
        string what = $"{noun} {Marked.Code(drop.Name)} of {Marked.Name(alter.Table, step.Schema)}";
        return new("DROP CONSTRAINT", $"Dropped {what}", new Undo.ByHand($"add the {what} again, if the rows still satisfy it"));
    }

    private static string Command(Constraint constraint) => constraint switch
    {
        ForeignKeyConstraint => "FOREIGN KEY",
        PrimaryKeyConstraint => "PRIMARY KEY",
        UniqueConstraint => "UNIQUE",
        CheckConstraint => "CHECK",
        NotNullConstraint => "NOT NULL",
        _ => "EXCLUDE",
    };
}
