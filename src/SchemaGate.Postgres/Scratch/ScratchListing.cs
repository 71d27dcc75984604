using System.Globalization;
using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>SchemaGate's databases on a server, and which of their makers live.</summary>
/// <param name="Now">The server's clock, in seconds since 1970: makers are on many machines.</param>
/// <param name="User">Whose databases are made here.</param>
/// <param name="Databases">All of them, whoever made them.</param>
/// <param name="Locks">The keys of the locks that makers hold (<see cref="ScratchName.LockOf"/>), and whether it is this session that
/// holds it.</param>
internal sealed record ScratchListing(
    long Now, string User, IReadOnlyList<ScratchEntry> Databases, IReadOnlySet<(int Class, int Key, bool IsOwn)> Locks)
{
    /// <summary>No trial of an older release, whose makers hold no lock, takes so long.</summary>
    private const long LongestTrial = 6 * 3600;

    /// <summary>A template that nobody has used for so long is of migrations that nobody compares with any more.</summary>
    private const long LongestUnused = 7 * 24 * 3600;

    // Databases first: one whose lock is not seen afterwards has no maker any more. An advisory lock belongs to the database in which it is
    // taken; the view shows those of all.
    private static readonly string s_databases = $"""
        SELECT datname::text, pg_catalog.shobj_description(oid, 'pg_database'), pg_catalog.pg_has_role(datdba, 'USAGE')
        FROM pg_catalog.pg_database
        WHERE pg_catalog.starts_with(datname::text, '{ScratchName.Scratch}')
           OR pg_catalog.starts_with(datname::text, '{ScratchName.Template}')
        ORDER BY datname
        """;

    private static readonly string s_locks = $"""
        SELECT classid::int8, objid::int8, pid = pg_catalog.pg_backend_pid() FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND classid IN ({ScratchName.LockClass}, {ScratchName.LockClass} + 1) AND objsubid = 2 AND granted
        """;

    private const string About =
        $"SELECT {OwnStatements.Mark} EXTRACT(epoch FROM pg_catalog.clock_timestamp())::int8, session_user::text || '/' || current_user";

    public static async Task<ScratchListing> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { new(About), new(s_databases), new(s_locks) } };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        (long now, string user) = (reader.GetInt64(0), reader.GetString(1));
        await reader.NextResultAsync(cancellation);
        List<ScratchEntry> databases = [];
        while (await reader.ReadAsync(cancellation))
        {
            if (ScratchName.IsMade(reader.GetString(0)))
            {
                databases.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2)));
            }
        }

        await reader.NextResultAsync(cancellation);
        HashSet<(int, int, bool)> locks = [];
        while (await reader.ReadAsync(cancellation))
        {
            locks.Add(((int)reader.GetInt64(0), unchecked((int)(uint)reader.GetInt64(1)), reader.GetBoolean(2)));
        }

        return new(now, user, databases, locks);
    }

    /// <summary>Scratch databases whose makers live.</summary>
    public IEnumerable<string> InUse => Databases
        .Where(database => !database.IsTemplate && !IsLeftOver(database)).Select(database => database.Name);

    /// <summary>How many have a place: those in use, and those that are about to be there.</summary>
    public int Places => Locks.Count(one => one.Class == ScratchName.LockClass);

    /// <summary>Without the locks of this session, which holds one while it looks whether another does.</summary>
    public ScratchListing OfOthers => this with { Locks = Locks.Where(one => !one.IsOwn).ToHashSet() };

    public bool IsLocked(string name)
    {
        (int group, int key) = ScratchName.LockOf(name);
        return Locks.Contains((group, key, true)) || Locks.Contains((group, key, false));
    }

    public ScratchEntry? Find(string name) => Databases.FirstOrDefault(database => database.Name == name);

    /// <summary>What nobody will remove but us: their makers have died, or nobody has use for them.</summary>
    public IEnumerable<ScratchEntry> LeftOver => Databases.Where(IsLeftOver);

    /// <summary>The finished templates beyond so many, but for those that were used just now: somebody may be about to read them.</summary>
    public IEnumerable<ScratchEntry> Beyond(int most, TimeSpan leastKept) =>
        [.. Databases.Where(database => database is { IsTemplate: true, IsFinished: true, IsOurs: true })
            .OrderByDescending(database => database.UsedAt).Skip(most)
            .Where(database => Now - database.UsedAt >= (long)leastKept.TotalSeconds)];

    private bool IsLeftOver(ScratchEntry database) => database switch
    {
        { IsTemplate: true, IsFinished: true } => Now - database.UsedAt > LongestUnused,
        { IsTemplate: true } => !IsLocked(database.Name),
        _ when ScratchName.HasLock(database.Name) => !IsLocked(database.Name),
        _ => ScratchName.MadeAt(database.Name) is { } made && Now - made > LongestTrial,
    };
}

/// <summary>One database of ours.</summary>
/// <param name="Comment">What its maker wrote of it.</param>
/// <param name="IsOurs">Whether this role may drop it.</param>
internal sealed record ScratchEntry(string Name, string? Comment, bool IsOurs)
{
    private const string Used = "Last used at ";

    public bool IsTemplate => ScratchName.IsTemplate(Name);

    /// <summary>A template gets its comment when it is built.</summary>
    public bool IsFinished => UsedAt > 0;

    /// <summary>In seconds since 1970; 0 where nothing tells.</summary>
    public long UsedAt => Comment is { } text && text.LastIndexOf(Used, StringComparison.Ordinal) is >= 0 and var at
        && long.TryParse(text[(at + Used.Length)..].TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        ? seconds
        : 0;

    /// <summary>A template's comment: for whoever looks at the server's databases, and for <see cref="UsedAt"/>.</summary>
    public static string TemplateComment(long now) => string.Create(
        CultureInfo.InvariantCulture, $"Made by SchemaGate from migrations, without data; it may be dropped at any time. {Used}{now}.");
}
