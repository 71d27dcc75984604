using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// What migrations build, built once: a database that takes no connections, of which copies are made in a moment. Its name is a hash of
/// what it was built from, so that the server itself keeps two from building one; the last step of building it is that it takes no
/// connections.
/// </summary>
public static class ScratchTemplates
{
    /// <summary>A copy of the template of a digest, which is built where it is not there.</summary>
    /// <param name="server">Where; its role owns the template.</param>
    /// <param name="digest">What tells what is built from all else, such as a hash of the migrations.</param>
    /// <param name="build">Builds it in the empty database that the URL names, over connections that it closes. Throws what it likes: then
    /// there is no template, and that is what the caller gets.</param>
    /// <param name="options">How many there may be, and whose collation they have.</param>
    /// <param name="time">Measures the waiting.</param>
    /// <param name="cancellation">Ends all of it; what was half built goes.</param>
    /// <exception cref="DatabaseException">As with an empty one; or somebody else takes too long to build it.</exception>
    public static Task<ScratchDatabase> CloneAsync(
        DatabaseUrl server, string digest, Func<DatabaseUrl, CancellationToken, Task> build, ScratchOptions options, TimeProvider time,
        CancellationToken cancellation) => ScratchDatabase.WithKeeperAsync(
        server, time, async keeper =>
        {
            ScratchLocale locale = await keeper.LocaleAsync(options.Like, cancellation);
            string user = (await keeper.ListAsync(cancellation)).User;
            Template template = new(keeper, ScratchName.Of($"{digest}\n{user}\n{locale.Clause}"), build, options, time);
            return await ScratchDatabase.MakeAsync(keeper, options, name => template.CopyAsync(name, cancellation), cancellation);
        }, cancellation);

    private sealed class Template(
        ScratchKeeper keeper, string name, Func<DatabaseUrl, CancellationToken, Task> build, ScratchOptions options, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();
        private readonly string _quoted = HistoryTable.Quote(name);
        private string[] _notes = [];

        public async Task<string[]> CopyAsync(string copy, CancellationToken cancellation)
        {
            for (bool wasDead = false; ;)
            {
                ScratchListing listing = await keeper.ListAsync(cancellation);
                ScratchEntry? there = listing.Find(name);
                bool isDead = there is { IsFinished: false } && !listing.IsLocked(name);
                if (there is null)
                {
                    await BuildAsync(listing, cancellation);
                }
                else if (there.IsFinished && await IsCopiedAsync(copy, listing.Now, cancellation))
                {
                    return _notes;
                }
                else if (isDead && wasDead)
                {
                    // Seen twice: it may have been finished, and its lock let go, between the two halves of one look.
                    await keeper.DropAsync([there], cancellation);
                }
                else if (time.GetElapsedTime(_start) >= options.Wait)
                {
                    throw TooLong();
                }
                else
                {
                    await keeper.PauseAsync(cancellation);
                }

                wasDead = isDead && !wasDead;
            }
        }

        /// <summary>False where it went meanwhile, or a worker of the server's is in it.</summary>
        private async Task<bool> IsCopiedAsync(string copy, long now, CancellationToken cancellation)
        {
            try
            {
                await keeper.RunAsync($"CREATE DATABASE {HistoryTable.Quote(copy)} TEMPLATE {_quoted}", cancellation);
                await UsedAsync(now, cancellation);
                return true;
            }
            catch (PostgresException error) when (error.SqlState is "3D000" or "55006")
            {
                return false;
            }
        }

        private async Task UsedAsync(long now, CancellationToken cancellation)
        {
            try
            {
                await keeper.RunAsync($"COMMENT ON DATABASE {_quoted} IS '{ScratchEntry.TemplateComment(now)}'", cancellation);
            }
            catch (PostgresException)
            {
                // Dropped since, or another's comment of this moment.
            }
        }

        /// <summary>The lock is there before the database, so that one without it has no maker any more.</summary>
        private async Task BuildAsync(ScratchListing listing, CancellationToken cancellation)
        {
            await keeper.DropAsync(listing.Beyond(Math.Max(0, options.Templates - 1)), cancellation);
            if (!await keeper.TryLockAsync(name, cancellation))
            {
                await keeper.PauseAsync(cancellation);
                return;
            }

            try
            {
                await CreateAsync(listing.Now, cancellation);
            }
            finally
            {
                await keeper.UnlockAsync(name);
            }
        }

        private async Task CreateAsync(long now, CancellationToken cancellation)
        {
            try
            {
                _notes = await ScratchDatabase.EmptyAsync(keeper, name, options, cancellation);
            }
            catch (PostgresException error) when (error.SqlState is "42P04" or "23505")
            {
                // Another maker was first, who holds the lock in another database of the server.
                return;
            }
            catch (OperationCanceledException)
            {
                await keeper.DropAsync(name, CancellationToken.None);
                throw;
            }

            try
            {
                await build(keeper.Server.WithDatabase(name), cancellation);
                await UsedAsync(now, cancellation);
                await keeper.RunAsync($"ALTER DATABASE {_quoted} WITH ALLOW_CONNECTIONS false", cancellation);
            }
            catch (Exception)
            {
                await keeper.DropAsync(name, CancellationToken.None);
                throw;
            }
        }

        private DatabaseException TooLong() => new(
            DatabaseFailure.LockUnavailable,
            $"Another run builds the same schema in {name}, and did not end within {options.Wait.TotalSeconds:0.#} s. Wait for it.");
    }
}
