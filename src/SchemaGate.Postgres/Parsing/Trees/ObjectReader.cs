using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>What is alike for objects of all kinds: DROP, RENAME, SET SCHEMA, OWNER TO, COMMENT, GRANT.</summary>
internal static class ObjectReader
{
    public static Statement? Read(string tag, Node node) => tag switch
    {
        "DropStmt" => Drop(node),
        "DropdbStmt" => DropOne(ObjectKind.Database, node.Text("dbname"), node),
        "DropTableSpaceStmt" => DropOne(ObjectKind.Tablespace, node.Text("tablespacename"), node),
        "DropSubscriptionStmt" => DropOne(ObjectKind.Subscription, node.Text("subname"), node),
        "DropRoleStmt" => new DropObjects(ObjectKind.Role, [.. Roles(node).Select(role => new ObjectName(null, role))])
        {
            IfExists = node.Flag("missing_ok"),
        },
        "DropOwnedStmt" => new DropOwned([.. Roles(node)], Names.IsCascade(node)),
        "RenameStmt" => Rename(node),
        "AlterObjectSchemaStmt" => new SetSchema(Names.Kind(node.Text("objectType")), Named(node), node.Text("newschema") ?? ""),
        "AlterOwnerStmt" => new ChangeOwner(Names.Kind(node.Text("objectType")), Named(node)),
        "CommentStmt" => Comment(node),
        "GrantStmt" => Privileges(node, isDefault: false),
        "AlterDefaultPrivilegesStmt" => Privileges(node["action"], isDefault: true),
        "GrantRoleStmt" => new ChangePrivileges(
            node.Flag("is_grant"), ObjectKind.Role, [.. node.Items("granted_roles")
                .Select(role => new ObjectName(null, role["AccessPriv"].Text("priv_name") ?? ""))]),
        _ => null,
    };

    private static DropObjects Drop(Node node)
    {
        ObjectKind kind = Names.Kind(node.Text("removeType"));
        DropObjects drop = new(kind, [])
        {
            Cascade = Names.IsCascade(node),
            Concurrently = node.Flag("concurrent"),
            IfExists = node.Flag("missing_ok"),
        };
        if (kind is not (ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy))
        {
            return drop with { Names = [.. node.Items("objects").Select(Names.Object)] };
        }

        (ObjectName table, string member) = Names.InTable(node.Items("objects").FirstOrDefault());
        return drop with { Names = [new ObjectName(null, member)], OnTable = table };
    }

    private static DropObjects DropOne(ObjectKind kind, string? name, Node node) =>
        new(kind, [new ObjectName(null, name ?? "")]) { IfExists = node.Flag("missing_ok"), Cascade = Names.IsCascade(node) };

    private static IEnumerable<string> Roles(Node node) => node.Items("roles").Select(role => role["RoleSpec"].Text("rolename") ?? "");

    private static RenameObject Rename(Node node)
    {
        ObjectKind kind = Names.Kind(node.Text("renameType"));
        string newName = node.Text("newname") ?? "";
        bool ifExists = node.Flag("missing_ok");
        string? member = node.Text("subname");
        if (!node["relation"].Exists && !node["object"].Exists)
        {
            // A schema, a database or a role has its own name where others have a member's.
            return new(kind, new ObjectName(null, member ?? ""), null, newName, kind) { IfExists = ifExists };
        }

        ObjectKind of = kind switch
        {
            _ when member is null => kind,
            ObjectKind.Column => Names.Kind(node.Text("relationType")),
            ObjectKind.Attribute => ObjectKind.Type,
            ObjectKind.DomainConstraint => ObjectKind.Domain,
            _ => ObjectKind.Table,
        };
        return new(kind, Named(node), member, newName, of) { IfExists = ifExists };
    }

    private static ObjectName Named(Node node) => node["relation"].Exists ? Names.Relation(node["relation"]) : Names.Object(node["object"]);

    private static CommentOn Comment(Node node)
    {
        ObjectKind kind = Names.Kind(node.Text("objtype"));
        ObjectName name = kind is ObjectKind.Column or ObjectKind.Constraint or ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Policy
            ? Names.InTable(node["object"]).Table
            : Names.Object(node["object"]);
        return new(kind, name.Name.Length == 0 ? null : name);
    }

    private static ChangePrivileges Privileges(Node node, bool isDefault)
    {
        bool named = node.Text("targtype") == "ACL_TARGET_OBJECT";
        return new(node.Flag("is_grant"), Names.Kind(node.Text("objtype")), named ? [.. node.Items("objects").Select(Names.Object)] : [])
        {
            Default = isDefault,
        };
    }
}
