using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// A database for one trial, beside the one that a URL names. Who made it drops it; what somebody left who died meanwhile, the next one
/// drops.
/// </summary>
public sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly ScratchKeeper _keeper;
    private readonly string _name;

    private ScratchDatabase(ScratchKeeper keeper, string name) => (_keeper, _name) = (keeper, name);

    /// <summary>The server's URL, but for the database.</summary>
    public DatabaseUrl Url => _keeper.Server.WithDatabase(_name);

    /// <summary>How it differs from what was asked for, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>An empty one, with the encoding and collation of <see cref="ScratchOptions.Like"/>.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached, has too many, or the role may not create databases.</exception>
    public static Task<ScratchDatabase> CreateAsync(
        DatabaseUrl server, ScratchOptions options, TimeProvider time, CancellationToken cancellation) => WithKeeperAsync(
        server, time, keeper => MakeAsync(keeper, options, name => EmptyAsync(keeper, name, options, cancellation), cancellation),
        cancellation);

    /// <summary>Also where the trial was canceled. What fails here is left for the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DropAsync(_name, CancellationToken.None);
        await _keeper.DisposeAsync();
    }

    /// <summary>A session that is closed again where nothing comes of it.</summary>
    internal static async Task<ScratchDatabase> WithKeeperAsync(
        DatabaseUrl server, TimeProvider time, Func<ScratchKeeper, Task<ScratchDatabase>> make, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        ScratchKeeper keeper = await ScratchKeeper.OpenAsync(server, time, cancellation);
        try
        {
            return await make(keeper);
        }
        catch (Exception exception)
        {
            await keeper.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            if (exception is NpgsqlException)
            {
                throw FailureSentences.Of(exception, server);
            }

            throw;
        }
    }

    /// <param name="create">Creates the database of that name, and says how it is not what was asked for.</param>
    internal static async Task<ScratchDatabase> MakeAsync(
        ScratchKeeper keeper, ScratchOptions options, Func<string, Task<string[]>> create, CancellationToken cancellation)
    {
        string name = await keeper.TakePlaceAsync(options, cancellation);
        try
        {
            return new ScratchDatabase(keeper, name) { Notes = await create(name) };
        }
        catch (Exception)
        {
            // Canceled in the middle, it may be there nevertheless.
            await keeper.DropAsync(name, CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// What encoding and collation are called is the operating system's; on another server they may be unknown. Then the server's own are
    /// taken: what a catalog says does not depend on them, but for the order of text.
    /// </summary>
    internal static async Task<string[]> EmptyAsync(
        ScratchKeeper keeper, string name, ScratchOptions options, CancellationToken cancellation)
    {
        ScratchLocale locale = await keeper.LocaleAsync(options.Like, cancellation);
        string create = $"CREATE DATABASE {HistoryTable.Quote(name)} TEMPLATE template0";
        try
        {
            await keeper.RunAsync($"{create} {locale.Clause}", cancellation);
            return await locale.Settings.GiveAsync(keeper, name, cancellation);
        }
        catch (PostgresException error) when (options.Like is not null && error.SqlState is "42809" or "22023" or "0A000" or "42601")
        {
            await keeper.RunAsync(create, cancellation);
            return
            [
                "The scratch server has not the database's collation: text sorts there as that server does it.",
                .. await locale.Settings.GiveAsync(keeper, name, cancellation),
            ];
        }
        catch (PostgresException error) when (error.SqlState == "42501")
        {
            throw MayNotCreate(keeper.Server);
        }
    }

    private static DatabaseException MayNotCreate(DatabaseUrl server) => new(
        DatabaseFailure.PrivilegeMissing,
        $"The URL's user may not create databases on {server.Servers}, and a trial needs one: `ALTER ROLE <role> CREATEDB`, "
            + "or name a server where it may with --scratch.",
        "42501");
}
