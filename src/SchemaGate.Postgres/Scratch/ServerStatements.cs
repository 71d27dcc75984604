using System.Text.RegularExpressions;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// What acts on the server and not only on one database: roles, databases, tablespaces, subscriptions and the settings of the server are
/// everybody's. Run in a scratch database it would change what the live one has.
/// </summary>
public static partial class ServerStatements
{
    /// <summary>The first migration that has one, or null.</summary>
    /// <exception cref="DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public static Migration? Find(MigrationSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Migrations.FirstOrDefault(migration => IsIn(migration.Sql));
    }

    /// <summary>Only what could be one is parsed: most migrations have none of the words.</summary>
    internal static bool IsIn(string sql) => Suspicious().IsMatch(sql) && StatementReader.Read(sql).Statements.Any(IsOfServer);

    private static bool IsOfServer(Statement statement) => statement switch
    {
        ClusterCommand { Command: not ClusterCommandKind.DiscardAll } or DropOwned => true,
        DropObjects { Kind: var kind } => IsOfServer(kind),
        RenameObject { Kind: var kind } => IsOfServer(kind),
        ChangeOwner { Kind: var kind } => IsOfServer(kind),
        CommentOn { Kind: var kind } => IsOfServer(kind),
        ChangePrivileges { Kind: var kind } => IsOfServer(kind),
        OtherStatement { Tag: var tag } => tag is "CreateRoleStmt" or "AlterRoleStmt" or "AlterRoleSetStmt" or "ReassignOwnedStmt",
        // Nobody reads a program; in vain its comments may have the words, too.
        DoBlock { Body: var body } => Certain().IsMatch(body),
        UnreadStatement => true,
        _ => false,
    };

    private static bool IsOfServer(ObjectKind kind) =>
        kind is ObjectKind.Role or ObjectKind.Database or ObjectKind.Tablespace or ObjectKind.Subscription;

    [GeneratedRegex(
        @"\b(?:ROLE|USER|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM|OWNED|GRANT|REVOKE)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Suspicious();

    [GeneratedRegex(
        @"\b(?:(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:DROP|REASSIGN)\s+OWNED"
            + @"|ON\s+(?:DATABASE|TABLESPACE))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Certain();
}
