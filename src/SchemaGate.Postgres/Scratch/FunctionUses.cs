using System.Text.RegularExpressions;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Scratch;

/// <summary>Which functions that scripts make the same scripts may run, too.</summary>
internal sealed class FunctionUses
{
    private readonly List<(Statement Statement, string Text)> _statements;
    private readonly bool _hasRuns;

    private FunctionUses(List<(Statement Statement, string Text)> statements) =>
        (_statements, _hasRuns) = (statements, statements.Exists(statement => Runs(statement.Statement)));

    /// <exception cref="DatabaseException">ParserMissing: libpg_query is not there.</exception>
    public static FunctionUses Of(IEnumerable<string> scripts) => new([.. scripts.SelectMany(sql => StatementReader.Read(sql).Statements
        .Select(statement => (statement, sql.Substring(statement.Span.Offset, statement.Span.Length))))]);

    /// <summary>
    /// Whether something names it that runs at once; or that runs with what else there is, as a trigger does with an INSERT.
    /// </summary>
    public bool MayRun(string function)
    {
        Regex name = new(
            $@"(?:^|\W){Regex.Escape(function)}(?:\W|$)",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return _statements.Exists(statement => (_hasRuns || !OnlyDefines(statement.Statement))
            && !IsAbout(statement.Statement, function) && name.IsMatch(statement.Text));
    }

    private static bool Runs(Statement statement) => statement switch
    {
        // What pg_dump sets.
        SelectQuery { Relations.Count: 0, Functions: { Count: > 0 } functions } =>
            functions.Any(name => name is not ("set_config" or "setval")),
        SelectQuery or DataChange or CopyData { IsFrom: true } or DoBlock or CallProcedure or ExecutePrepared or UnreadStatement
            or CreateMaterializedView or RefreshMaterializedView => true,
        _ => statement.Changes.Count > 0,
    };

    private static bool OnlyDefines(Statement statement) => statement is
        CreateFunction or CreateTrigger or CreateView or CreateRule or CreatePolicy or AlterPolicy or CreateTable or AlterTable;

    private static bool IsAbout(Statement statement, string function) => statement switch
    {
        CreateFunction { Name.Name: var name } => name == function,
        CommentOn or ChangePrivileges or ChangeOwner or SetSchema or DropObjects or OtherStatement { Tag: "AlterFunctionStmt" } => true,
        _ => false,
    };
}
