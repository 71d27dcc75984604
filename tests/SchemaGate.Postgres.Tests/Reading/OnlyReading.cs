using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tests.Reading;

/// <summary>Whether statements only read: by the parser's facts, and by what the server says of the functions that they call.</summary>
/// <param name="functions">Those that the database calls volatile: whatever changes something is.</param>
internal sealed class OnlyReading(IReadOnlySet<string> functions)
{
    /// <summary>They are volatile because what they tell changes; the first sets what is the session's own.</summary>
    private static readonly HashSet<string> s_harmless =
    [
        "set_config", "clock_timestamp", "pg_control_system", "pg_is_in_recovery", "pg_relation_size", "pg_total_relation_size",
    ];

    /// <summary>A maker's hold on a name, and how it lets go.</summary>
    private static readonly HashSet<string> s_holds = ["pg_try_advisory_lock", "pg_advisory_unlock"];

    public static async Task<OnlyReading> OfAsync(TestDatabase database) => new(
        (await database.QueryAsync("SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v'")).ToHashSet(StringComparer.Ordinal));

    /// <summary>What does more than to read.</summary>
    /// <param name="sent">Statements.</param>
    /// <param name="makesScratch">Whether databases of SchemaGate's own may be made and dropped, too, and no others.</param>
    public IReadOnlyList<string> Objections(IEnumerable<string> sent, bool makesScratch) =>
    [
        .. sent.Where(sql => StatementReader.Read(sql).Statements.Any(
            statement => !Reads(statement) && !(makesScratch && IsAboutScratch(statement)))),
    ];

    private bool Reads(Statement statement) => statement switch
    {
        SelectQuery { LocksRows: false, Changes.Count: 0 } => Calls(statement).All(name => !functions.Contains(name)),
        TransactionControl { Command: TransactionCommand.Begin or TransactionCommand.Commit or TransactionCommand.Rollback } => true,
        SetParameter or ClusterCommand { Command: ClusterCommandKind.DiscardAll } or OtherStatement { Tag: "VariableShowStmt" } => true,
        _ => false,
    };

    private bool IsAboutScratch(Statement statement) => statement switch
    {
        ClusterCommand { Command: ClusterCommandKind.CreateDatabase or ClusterCommandKind.AlterDatabase, Name: { } name } =>
            ScratchName.IsMade(name),
        DropObjects { Kind: ObjectKind.Database, Names: var names } => names.All(name => ScratchName.IsMade(name.Name)),
        CommentOn { Kind: ObjectKind.Database, Name: { } name } => ScratchName.IsMade(name.Name),
        SelectQuery { LocksRows: false, Changes.Count: 0 } =>
            Calls(statement).All(name => !functions.Contains(name) || s_holds.Contains(name)),
        _ => false,
    };

    private static IEnumerable<string> Calls(Statement statement) =>
        statement.Functions.Select(name => name[(name.LastIndexOf('.') + 1)..]).Where(name => !s_harmless.Contains(name));
}
