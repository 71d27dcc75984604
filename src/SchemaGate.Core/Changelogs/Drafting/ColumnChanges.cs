using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>What ALTER TABLE does to a column, in words.</summary>
internal static class ColumnChanges
{
    public static Change Of(AlterTable alter, ColumnAction action, StatementContext step)
    {
        string column = $"{Marked.Code(action.Column)} of {Marked.Name(alter.Table, step.Schema)}";
        string name = Sql.Name(action.Column);
        KnownColumn? known = step.Schema.Table(alter.Table).Column(action.Column);
        return action switch
        {
            AddColumn add => Added(alter, add, step.Schema),
            DropColumn => new("DROP COLUMN", $"Dropped column {column}", new Undo.Lost($"what stands in {column}")),
            AlterColumnType type => Retyped(type, column, known),
            SetNotNull => new("SET NOT NULL", $"{column} is required", Nullability(was: false, "drop", "DROP NOT NULL")),
            DropNotNull => new("DROP NOT NULL", $"{column} may be NULL", Nullability(was: true, "set", "SET NOT NULL")),
            SetDefault when known is { HasDefault: false } => new(
                "SET DEFAULT", $"New default of {column}", Altered("drop", "default", "DROP DEFAULT")),
            SetDefault => new("SET DEFAULT", $"Changed default of {column}", ByHand("default")),
            DropDefault => new("DROP DEFAULT", $"{column} has no default", ByHand("default")),
            AddIdentity => new("ADD GENERATED", $"{column} is numbered (identity)", Altered("drop", "identity", "DROP IDENTITY")),
            _ => Vague(action, column),
        };

        Undo.ByHand ByHand(string what) => new($"set the {what} of {column} as before");

        Undo Nullability(bool was, string verb, string back) => known?.NotNull == was
            ? Altered(verb, "NOT NULL", back)
            : new Undo.ByHand($"{back} of {column}, if it was so before");

        Undo.Reverse Altered(string verb, string noun, string back) =>
            new(verb, noun, Sql.Alter(alter, $"ALTER COLUMN {name} {back}"));
    }

    private static Change Added(AlterTable alter, AddColumn add, KnownSchema schema)
    {
        ColumnDefinition definition = add.Definition;
        string table = Marked.Name(alter.Table, schema);
        bool hasValue = definition.Default is { IsNull: false } || definition.Generated is not null || definition.Identity is not null
            || definition.Type?.IsSerial == true;
        bool isRequired = definition.NotNull || definition.Constraints.Any(constraint => constraint is PrimaryKeyConstraint);
        string value = (hasValue, isRequired) switch
        {
            (true, _) => " with a value by default",
            (_, true) => " without a default",
            _ => "",
        };
        ForeignKeyConstraint? key = definition.Constraints.OfType<ForeignKeyConstraint>().FirstOrDefault();
        string reference = key is null ? "" : $", which references {Marked.Name(key.Table, schema)}";
        string[] others = [.. definition.Constraints.Where(constraint => constraint is not ForeignKeyConstraint and not NotNullConstraint)
            .Select(ConstraintChanges.Noun).Distinct(StringComparer.Ordinal)];
        string more = others.Length == 0 ? "" : $" ({string.Join(", ", others)})";
        string text = $"New {Marked.Code(add.Column)} {(isRequired ? "required" : "nullable")} column on {table}{value}{reference}{more}"
            + (add.IfNotExists ? ", where it is missing" : "");
        string part = alter.Kind == ObjectKind.Type ? "ATTRIBUTE" : "COLUMN";
        Undo undo = add.IfNotExists
            ? new Undo.ByHand($"drop column {Marked.Code(add.Column)} of {table}, if this migration made it")
            : new Undo.Reverse("drop", "column", Sql.Alter(alter, $"DROP {part} {Sql.Name(add.Column)}"));
        return new("ADD COLUMN", text, undo) { IsAdditive = hasValue || !isRequired };
    }

    private static Change Retyped(AlterColumnType action, string column, KnownColumn? known)
    {
        string type = Marked.Code(action.Type.ToString());
        string before = known?.Type is { } old ? Marked.Code(old.ToString()) : "its type before";
        return new(
            "ALTER COLUMN TYPE", $"Changed type of {column} to {type}{(known?.Type is null ? "" : $" (it was {before})")}",
            new Undo.ByHand($"change the type of {column} back to {before}, if its values fit"));
    }

    private static Change Vague(ColumnAction action, string column)
    {
        (string command, string what) = action switch
        {
            SetExpression => ("SET EXPRESSION", "what is computed"),
            DropExpression => ("DROP EXPRESSION", "whether it is computed"),
            SetIdentity => ("SET GENERATED", "the numbering"),
            DropIdentity => ("DROP IDENTITY", "the numbering"),
            SetColumnStatistics => ("SET STATISTICS", "the statistics target"),
            SetColumnOptions => ("SET (…)", "the options"),
            SetColumnStorage => ("SET STORAGE", "the storage"),
            SetColumnCompression => ("SET COMPRESSION", "the compression"),
            _ => (action.GetType().Name, Marked.Code(action.GetType().Name)),
        };
        return new(command, $"Changed {what} of {column}", new Undo.ByHand($"set {what} of {column} as before"));
    }
}
