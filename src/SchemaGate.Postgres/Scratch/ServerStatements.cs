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
    /// <summary>The first migration that has one, or that makes a function which has one and which runs, or null.</summary>
    /// <exception cref="DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public static Migration? Find(MigrationSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Find([.. set.Migrations.Select(migration => migration.Sql)]) is { } index ? set.Migrations[index] : null;
    }

    internal static bool IsIn(params string[] scripts) => Find(scripts) is not null;

    /// <summary>Only what could be one is parsed: most migrations have none of the words.</summary>
    private static int? Find(string[] scripts)
    {
        List<(int Script, string Function)> functions = [];
        for (int index = 0; index < scripts.Length; index++)
        {
            string sql = scripts[index];
            IReadOnlyList<Statement> statements = Suspicious().IsMatch(sql) ? StatementReader.Read(sql).Statements : [];
            if (statements.Any(IsOfServer))
            {
                return index;
            }

            functions.AddRange(statements.OfType<CreateFunction>().Where(function => IsCertain(Text(function, sql)))
                .Select(function => (index, function.Name.Name)));
        }

        if (functions.Count == 0)
        {
            return null;
        }

        FunctionUses uses = FunctionUses.Of(scripts);
        return functions.Where(function => uses.MayRun(function.Function)).Select(function => (int?)function.Script).FirstOrDefault();
    }

    private static string Text(Statement statement, string sql) => sql.Substring(statement.Span.Offset, statement.Span.Length);

    private static bool IsOfServer(Statement statement) => statement switch
    {
        ClusterCommand { Command: not ClusterCommandKind.DiscardAll } or DropOwned => true,
        DropObjects { Kind: var kind } => IsOfServer(kind),
        RenameObject { Kind: var kind } => IsOfServer(kind),
        ChangeOwner { Kind: var kind } => IsOfServer(kind),
        CommentOn { Kind: var kind } => IsOfServer(kind),
        ChangePrivileges { Kind: var kind } => IsOfServer(kind),
        OtherStatement { Tag: var tag } => tag is "CreateRoleStmt" or "AlterRoleStmt" or "AlterRoleSetStmt" or "ReassignOwnedStmt",
        DoBlock { Body: var body } => IsCertain(body),
        UnreadStatement => true,
        _ => false,
    };

    /// <summary>Nobody reads a program: its strings may have the words in vain, and so may comments behind something else.</summary>
    private static bool IsCertain(string program)
    {
        string code = CommentLine().Replace(program, "");
        return Certain().IsMatch(code) || Grant().Matches(code).Any(grant => !On().IsMatch(grant.Value));
    }

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

    /// <summary>A role is granted without ON: memberships are the server's.</summary>
    [GeneratedRegex(
        @"\b(?:GRANT|REVOKE)\s[^;]*?\s(?:TO|FROM)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Grant();

    [GeneratedRegex(@"\sON\s", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex On();

    [GeneratedRegex(
        @"^[ \t]*--[^\r\n]*", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommentLine();
}
