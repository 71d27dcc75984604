using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>Types and domains, in words; null where the statement is about something else.</summary>
internal static class TypeChanges
{
    public static Change? Of(Statement statement, KnownSchema schema) => statement switch
    {
        CreateEnumType create => Change.Additive(
            "CREATE TYPE", $"New {Marked.Name(create.Type, schema)} enum ({Marked.List(create.Values)})",
            new Undo.Reverse("drop", "enum", $"DROP TYPE {Sql.Name(create.Type)};")),
        AddEnumValue add => Change.Additive(
            "ADD VALUE", $"New value {Marked.Code(add.Value)} of enum {Marked.Name(add.Type, schema)}{Place(add)}",
            new Undo.ByHand($"make the enum {Marked.Name(add.Type, schema)} anew without {Marked.Code(add.Value)}: "
                + "PostgreSQL drops no value of one")),
        RenameEnumValue rename => new(
            "RENAME VALUE",
            $"Renamed value {Marked.Code(rename.Value)} of enum {Marked.Name(rename.Type, schema)} to {Marked.Code(rename.NewValue)}",
            new Undo.Reverse(
                "rename back",
                "enum value",
                $"ALTER TYPE {Sql.Name(rename.Type)} RENAME VALUE {Sql.Literal(rename.NewValue)} TO {Sql.Literal(rename.Value)};")),
        CreateType create => Change.Additive(
            "CREATE TYPE", $"New {Marked.Name(create.Type, schema)} type",
            new Undo.Reverse("drop", "type", $"DROP TYPE {Sql.Name(create.Type)};")),
        CreateDomain create => Change.Additive(
            "CREATE DOMAIN", $"New {Marked.Name(create.Domain, schema)} domain over {Marked.Code(create.Type.ToString())}",
            new Undo.Reverse("drop", "domain", $"DROP DOMAIN {Sql.Name(create.Domain)};")),
        AlterDomain alter => new(
            "ALTER DOMAIN", $"Changed domain {Marked.Name(alter.Domain, schema)} ({Words(alter)})",
            new Undo.ByHand($"set the domain {Marked.Name(alter.Domain, schema)} as before ({Words(alter)})")),
        _ => null,
    };

    private static string Place(AddEnumValue add) => add switch
    {
        { Before: { } before } => $", before {Marked.Code(before)}",
        { After: { } after } => $", after {Marked.Code(after)}",
        _ => "",
    };

    private static string Words(AlterDomain alter) => alter.Action switch
    {
        DomainAction.SetDefault or DomainAction.DropDefault => "its default",
        DomainAction.SetNotNull => "it takes no NULL",
        DomainAction.DropNotNull => "it takes NULL",
        DomainAction.AddConstraint => "a constraint more",
        DomainAction.DropConstraint => "a constraint less",
        DomainAction.ValidateConstraint => "its values are checked",
        _ => "another property",
    };
}
