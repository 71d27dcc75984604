using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>Reads names of objects in each of the forms that the tree has for them.</summary>
internal static class Names
{
    /// <summary>A <c>RangeVar</c>, wrapped or not.</summary>
    public static ObjectName Relation(Node node)
    {
        Node relation = node["RangeVar"] is { Exists: true } wrapped ? wrapped : node;
        string name = relation.Text("relname") ?? "";
        return relation.Text("schemaname") is { } schema ? Qualified([schema, name]) : new ObjectName(null, name);
    }

    public static ObjectName? RelationOrNull(Node node) => node.Exists ? Relation(node) : null;

    public static ValueList<ObjectName> Relations(IEnumerable<Node> nodes) => [.. nodes.Select(Relation)];

    /// <summary>A list of strings: database, schema, name, of which the last counts most.</summary>
    public static ObjectName Qualified(IEnumerable<Node> parts) => Qualified([.. parts.Select(part => part.Literal)]);

    public static ObjectName Qualified(ReadOnlySpan<string> parts) => parts switch
    {
        [] => new ObjectName(null, ""),
        ["pg_catalog", var name] => new ObjectName(null, name),
        [var name] => new ObjectName(null, name),
        [.., var schema, var name] => new ObjectName(schema, name),
    };

    /// <summary>
    /// What DROP, COMMENT and ALTER … RENAME call an object: a string, a list of strings, a type, or a function with its arguments.
    /// </summary>
    public static ObjectName Object(Node node) => node.Tag switch
    {
        "String" => new ObjectName(null, node.Literal),
        "List" => Qualified(node.AsItems()),
        "TypeName" => Qualified(node.Body.Items("names")),
        "ObjectWithArgs" => Qualified(node.Body.Items("objname")),
        "RangeVar" => Relation(node),
        _ => new ObjectName(null, ""),
    };

    /// <summary>An object that stands in a table, such as a trigger: the last part is its own name, those before are the table's.</summary>
    public static (ObjectName Table, string Member) InTable(Node node)
    {
        string[] parts = [.. node.AsItems().Select(part => part.Literal)];
        return parts.Length == 0 ? (new ObjectName(null, ""), "") : (Qualified(parts.AsSpan()[..^1]), parts[^1]);
    }

    public static ObjectKind Kind(string? objectType) => objectType switch
    {
        "OBJECT_TABLE" => ObjectKind.Table,
        "OBJECT_FOREIGN_TABLE" => ObjectKind.ForeignTable,
        "OBJECT_VIEW" => ObjectKind.View,
        "OBJECT_MATVIEW" => ObjectKind.MaterializedView,
        "OBJECT_INDEX" => ObjectKind.Index,
        "OBJECT_SEQUENCE" => ObjectKind.Sequence,
        "OBJECT_COLUMN" => ObjectKind.Column,
        "OBJECT_TABCONSTRAINT" => ObjectKind.Constraint,
        "OBJECT_TYPE" => ObjectKind.Type,
        "OBJECT_ATTRIBUTE" => ObjectKind.Attribute,
        "OBJECT_DOMAIN" => ObjectKind.Domain,
        "OBJECT_DOMCONSTRAINT" => ObjectKind.DomainConstraint,
        "OBJECT_FUNCTION" => ObjectKind.Function,
        "OBJECT_PROCEDURE" => ObjectKind.Procedure,
        "OBJECT_ROUTINE" => ObjectKind.Routine,
        "OBJECT_AGGREGATE" => ObjectKind.Aggregate,
        "OBJECT_OPERATOR" or "OBJECT_OPCLASS" or "OBJECT_OPFAMILY" => ObjectKind.Operator,
        "OBJECT_CAST" => ObjectKind.Cast,
        "OBJECT_TRIGGER" => ObjectKind.Trigger,
        "OBJECT_EVENT_TRIGGER" => ObjectKind.EventTrigger,
        "OBJECT_RULE" => ObjectKind.Rule,
        "OBJECT_POLICY" => ObjectKind.Policy,
        "OBJECT_SCHEMA" => ObjectKind.Schema,
        "OBJECT_EXTENSION" => ObjectKind.Extension,
        "OBJECT_DATABASE" => ObjectKind.Database,
        "OBJECT_TABLESPACE" => ObjectKind.Tablespace,
        "OBJECT_ROLE" => ObjectKind.Role,
        "OBJECT_PUBLICATION" => ObjectKind.Publication,
        "OBJECT_SUBSCRIPTION" => ObjectKind.Subscription,
        "OBJECT_STATISTIC_EXT" => ObjectKind.StatisticsObject,
        "OBJECT_COLLATION" => ObjectKind.Collation,
        "OBJECT_FOREIGN_SERVER" => ObjectKind.ForeignServer,
        "OBJECT_LANGUAGE" => ObjectKind.Language,
        _ => ObjectKind.Other,
    };

    public static bool IsCascade(Node node) => node.Text("behavior") == "DROP_CASCADE";
}
