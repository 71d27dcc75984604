using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Objects that come, go or are called otherwise, in words; null where the statement is about something else.</summary>
internal static class ObjectChanges
{
    public static IEnumerable<Change>? Of(Statement statement, KnownSchema schema) => statement switch
    {
        DropObjects drop => drop.Names.Select(name => Dropped(drop, name, schema)),
        DropOwned owned => [new(
            "DROP OWNED", $"Drops what {Marked.List(owned.Roles)} owns", new Undo.Lost($"what {Marked.List(owned.Roles)} owned"))],
        RenameObject rename => [Renamed(rename, schema)],
        SetSchema move => [Moved(move, schema)],
        _ => Created(statement, schema) is { } created ? [created] : null,
    };

    private static Change Dropped(DropObjects drop, ObjectName name, KnownSchema schema)
    {
        string of = drop.OnTable is { } table ? $" of {Marked.Name(table, schema)}" : "";
        string what = $"{Noun(drop.Kind)} {Marked.Name(name, schema)}{of}";
        string more = drop.Cascade ? " with all that depends on it" : "";
        Undo undo = drop.Kind switch
        {
            ObjectKind.Table or ObjectKind.ForeignTable => new Undo.Lost($"the rows of {Marked.Name(name, schema)}{more}"),
            ObjectKind.Schema or ObjectKind.Database or ObjectKind.Extension or ObjectKind.Sequence => new Undo.Lost($"the {what}{more}"),
            _ => new Undo.ByHand($"create the {what} again{(more.Length > 0 ? ", and what depended on it" : "")}"),
        };
        return new($"DROP {Sql.Word(drop.Kind)}", $"Dropped {what}{more}", undo);
    }

    private static Change Renamed(RenameObject rename, KnownSchema schema)
    {
        string name = Marked.Name(rename.Name, schema);
        string old = rename.Member is { } member ? $"{Marked.Code(member)} of {name}" : name;
        string noun = Noun(rename.Kind);
        string? sql = (rename.Kind, rename.Member) switch
        {
            (ObjectKind.Column, { } column) =>
                $"ALTER {Sql.Word(rename.OfKind)} {Sql.Name(rename.Name)} RENAME COLUMN {Sql.Name(rename.NewName)} TO {Sql.Name(column)};",
            (ObjectKind.Constraint, { } constraint) =>
                $"ALTER {Sql.Word(rename.OfKind)} {Sql.Name(rename.Name)} RENAME CONSTRAINT {Sql.Name(rename.NewName)} "
                    + $"TO {Sql.Name(constraint)};",
            (ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Index or ObjectKind.Sequence
                or ObjectKind.Type or ObjectKind.Domain or ObjectKind.Schema, null) =>
                $"ALTER {Sql.Word(rename.Kind)} {Sql.Name(rename.Name with { Name = rename.NewName })} "
                    + $"RENAME TO {Sql.Name(rename.Name.Name)};",
            _ => null,
        };
        return new(
            "RENAME",
            $"Renamed {noun} {old} to {Marked.Code(rename.NewName)}",
            sql is null ? new Undo.ByHand($"give the {noun} {Marked.Code(rename.NewName)} its old name {old}")
                : new Undo.Reverse("rename back", noun, sql));
    }

    private static Change Moved(SetSchema move, KnownSchema schema) => new(
        "SET SCHEMA", $"Moved {Noun(move.Kind)} {Marked.Name(move.Name, schema)} to schema {Marked.Code(move.NewSchema)}",
        new Undo.ByHand($"move the {Noun(move.Kind)} {Marked.Name(move.Name, schema)} back to its schema"));

    private static Change? Created(Statement statement, KnownSchema schema) => statement switch
    {
        CreateSchema create => New(ObjectKind.Schema, new(null, create.Name), create.IfNotExists, null, schema),
        CreateExtension create => New(ObjectKind.Extension, new(null, create.Name), create.IfNotExists, null, schema),
        CreateSequence create => New(ObjectKind.Sequence, create.Name, create.IfNotExists, null, schema),
        CreateView { Temporary: true } create => Change.Additive(
            "CREATE VIEW", $"New {Marked.Name(create.Name, schema)} temporary view", Undo.Nothing),
        CreateView create => New(ObjectKind.View, create.Name, create.OrReplace, null, schema),
        CreateMaterializedView create => New(ObjectKind.MaterializedView, create.Name, create.IfNotExists, null, schema),
        CreateFunction create => New(
            create.IsProcedure ? ObjectKind.Procedure : ObjectKind.Function, create.Name, create.OrReplace, null, schema),
        CreateTrigger create => New(ObjectKind.Trigger, new(null, create.Name), create.OrReplace, create.Table, schema),
        CreateRule create => New(ObjectKind.Rule, new(null, create.Name), create.OrReplace, create.Table, schema),
        CreatePolicy create => New(ObjectKind.Policy, new(null, create.Name), false, create.Table, schema),
        CreatePublication create => New(ObjectKind.Publication, new(null, create.Name), false, null, schema),
        CreateStatistics { Name: { } name } => New(ObjectKind.StatisticsObject, name, false, null, schema),
        CreateStatistics => Change.Additive(
            "CREATE STATISTICS", "New statistics", new Undo.ByHand("drop the statistics, whose name the server makes up")),
        _ => null,
    };

    /// <param name="mayExist">OR REPLACE or IF NOT EXISTS: it may have been there.</param>
    private static Change New(ObjectKind kind, ObjectName name, bool mayExist, ObjectName? table, KnownSchema schema)
    {
        string on = table is null ? "" : $" on {Marked.Name(table, schema)}";
        Undo undo = mayExist
            ? new Undo.ByHand($"drop the {Noun(kind)} {Marked.Name(name, schema)}{on}, or make it what it was before")
            : new Undo.Reverse(
                "drop", Noun(kind), $"DROP {Sql.Word(kind)} {Sql.Name(name)}{(table is null ? "" : $" ON {Sql.Name(table)}")};");
        string text = $"{(mayExist ? "New or changed" : "New")} {Marked.Name(name, schema)} {Noun(kind)}{on}";
        return new($"CREATE {Sql.Word(kind)}", text, undo)
        {
            // What rewrites rows or refuses them is no mere addition.
            IsAdditive = kind is not (ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy),
        };
    }

    /// <summary>MaterializedView → materialized view.</summary>
    public static string Noun(ObjectKind kind) => kind switch
    {
        ObjectKind.StatisticsObject => "statistics",
        ObjectKind.Other => "object",
        _ => Sql.Word(kind).ToLowerInvariant(),
    };
}
