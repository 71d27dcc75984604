using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.History;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// What migrations build, built once: a database that nobody changes any more. It is read as it is, or copied in a moment. Its name is a
/// hash of what it was built from, so that the server itself keeps two from building one; the last step of building it is its comment.
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
            Template template = await Template.OfAsync(keeper, digest, build, options, time, cancellation);
            return await ScratchDatabase.MakeAsync(keeper, options, name => template.CopyAsync(name, cancellation), cancellation);
        }, cancellation);

    /// <summary>
    /// The template of a digest itself, to be read at once over connections that are closed soon: while one is open, nobody makes a copy.
    /// </summary>
    /// <inheritdoc cref="CloneAsync"/>
    public static async Task<DatabaseUrl> ReadableAsync(
        DatabaseUrl server, string digest, Func<DatabaseUrl, CancellationToken, Task> build, ScratchOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        await using ScratchKeeper keeper = await ScratchKeeper.OpenAsync(server, time, cancellation);
        try
        {
            Template template = await Template.OfAsync(keeper, digest, build, options, time, cancellation);
            return await template.ReadableAsync(cancellation);
        }
        catch (NpgsqlException exception) when (!cancellation.IsCancellationRequested)
        {
            throw FailureSentences.Of(exception, server);
        }
    }

    private sealed class Template(
        ScratchKeeper keeper, string name, ScratchSettings settings, Func<DatabaseUrl, CancellationToken, Task> build,
        ScratchOptions options, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();
        private readonly string _quoted = HistoryTable.Quote(name);
        private string[] _notes = [];

        public static async Task<Template> OfAsync(
            ScratchKeeper keeper, string digest, Func<DatabaseUrl, CancellationToken, Task> build, ScratchOptions options,
            TimeProvider time, CancellationToken cancellation)
        {
            ScratchLocale locale = await keeper.LocaleAsync(options.Like, cancellation);
            string user = (await keeper.SweepAsync(cancellation)).User;
            string name = ScratchName.Of($"{digest}\n{user}\n{locale.Clause}{locale.Settings}");
            return new(keeper, name, locale.Settings, build, options, time);
        }

        /// <summary>How the copy is not what was asked for, one sentence each.</summary>
        public async Task<string[]> CopyAsync(string copy, CancellationToken cancellation)
        {
            await UseAsync(now => IsCopiedAsync(copy, now, cancellation), cancellation);
            return _notes;
        }

        public async Task<DatabaseUrl> ReadableAsync(CancellationToken cancellation)
        {
            // Nobody drops it so soon after a use: a write less where it is read ever again.
            await UseAsync(now => IsUsedAsync(now, cancellation), cancellation, options.LeastKept / 4);
            return keeper.Server.WithDatabase(name);
        }

        /// <param name="use">Uses it, told the server's time; false where it went meanwhile.</param>
        /// <param name="cancellation">Ends the waiting.</param>
        /// <param name="fresh">How long ago it may have been used to need no more.</param>
        private async Task UseAsync(Func<long, Task<bool>> use, CancellationToken cancellation, TimeSpan fresh = default)
        {
            while (true)
            {
                ScratchListing listing = await keeper.ListAsync(cancellation);
                ScratchEntry? there = listing.Find(name);
                if (there is null)
                {
                    await BuildAsync(listing, cancellation);
                }
                else if (there.IsFinished && (IsFresh(listing.Now - there.UsedAt, fresh) || await use(listing.Now)))
                {
                    return;
                }
                else if (time.GetElapsedTime(_start) >= options.Wait)
                {
                    throw TooLong();
                }
                else
                {
                    await keeper.DropAsync(listing, left => left.LeftOver.Where(database => database.Name == name), cancellation);
                    await keeper.PauseAsync(cancellation);
                }
            }
        }

        /// <summary>A use in the future tells nothing: the server's clock was set back.</summary>
        private static bool IsFresh(long seconds, TimeSpan fresh) => seconds >= 0 && seconds < (long)fresh.TotalSeconds;

        /// <summary>False where it went meanwhile, or somebody reads it.</summary>
        private async Task<bool> IsCopiedAsync(string copy, long now, CancellationToken cancellation)
        {
            try
            {
                await keeper.RunAsync($"CREATE DATABASE {HistoryTable.Quote(copy)} TEMPLATE {_quoted}", cancellation);
                // Settings of a database are not copied with it.
                _notes = [.. _notes.Union(await settings.GiveAsync(keeper, copy, cancellation), StringComparer.Ordinal)];
                await IsUsedAsync(now, cancellation);
                return true;
            }
            catch (PostgresException error) when (error.SqlState is "3D000" or "55006")
            {
                return false;
            }
        }

        /// <summary>False where it is not there any more.</summary>
        private async Task<bool> IsUsedAsync(long now, CancellationToken cancellation)
        {
            try
            {
                await keeper.RunAsync($"COMMENT ON DATABASE {_quoted} IS '{ScratchEntry.TemplateComment(now)}'", cancellation);
                return true;
            }
            catch (PostgresException error) when (error.SqlState == "XX000")
            {
                // Another's comment of this moment ("tuple concurrently updated").
                return true;
            }
            catch (PostgresException error) when (error.SqlState == "3D000")
            {
                return false;
            }
        }

        /// <summary>The lock is there before the database, so that one without it has no maker any more.</summary>
        private async Task BuildAsync(ScratchListing listing, CancellationToken cancellation)
        {
            await keeper.DropAsync(listing, seen => seen.Beyond(Math.Max(0, options.Templates - 1), options.LeastKept), cancellation);
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
                await keeper.DropBegunAsync(name);
                throw;
            }

            try
            {
                // What a crash of the server loses of it is built again.
                await keeper.RunAsync($"ALTER DATABASE {_quoted} SET synchronous_commit = off", cancellation);
                await build(keeper.Server.WithDatabase(name), cancellation);
                await keeper.RunAsync($"ALTER DATABASE {_quoted} SET default_transaction_read_only = on", cancellation);
                await IsUsedAsync(now, cancellation);
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
