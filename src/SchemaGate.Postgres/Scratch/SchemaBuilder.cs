using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>Builds schemas in scratch databases of one server; what was built before is copied.</summary>
/// <param name="server">A URL of the server. Its schema, and whether it names one, is that of the live database's URL: migrations may
/// depend on the search path.</param>
/// <param name="options">How many there may be, and whose collation they have.</param>
/// <param name="time">The clock.</param>
public sealed class SchemaBuilder(DatabaseUrl server, ScratchOptions options, TimeProvider time)
{
    /// <summary>A scratch database that has what the migrations build.</summary>
    /// <exception cref="DatabaseException">They cannot be run here, or fail; or there can be no scratch database.</exception>
    public Task<ScratchDatabase> BuildAsync(MigrationSet set, CancellationToken cancellation) =>
        BuildAsync(new SchemaSource.OfMigrations(set), cancellation);

    /// <summary>A scratch database that has what migrations or a script build.</summary>
    /// <exception cref="DatabaseException">They cannot be run here, or fail; or there can be no scratch database.</exception>
    public Task<ScratchDatabase> BuildAsync(SchemaSource source, CancellationToken cancellation)
    {
        (string digest, Func<DatabaseUrl, CancellationToken, Task> build) = Plan(source);
        return ScratchTemplates.CloneAsync(server, digest, build, options, time, cancellation);
    }

    /// <summary>
    /// Where it can be read, at once and over connections that are closed soon: a database itself, or the template of what is built. Costs
    /// no copy.
    /// </summary>
    /// <exception cref="DatabaseException">They cannot be run here, or fail; or there can be no scratch database.</exception>
    public Task<DatabaseUrl> ReadableAsync(SchemaSource source, CancellationToken cancellation)
    {
        if (source is SchemaSource.OfDatabase { Url: var url })
        {
            return Task.FromResult(url);
        }

        (string digest, Func<DatabaseUrl, CancellationToken, Task> build) = Plan(source);
        return ScratchTemplates.ReadableAsync(server, digest, build, options, time, cancellation);
    }

    /// <summary>An empty one.</summary>
    /// <exception cref="DatabaseException">There can be none.</exception>
    public Task<ScratchDatabase> EmptyAsync(CancellationToken cancellation) =>
        ScratchDatabase.CreateAsync(server, options, time, cancellation);

    /// <summary>Runs a script in a scratch database, each statement by itself.</summary>
    /// <exception cref="DatabaseException">MigrationFailed: a statement of it failed.</exception>
    public static Task RunAsync(ScratchDatabase scratch, SchemaSource.OfScript script, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentNullException.ThrowIfNull(script);
        return SchemaScript.RunAsync(scratch.Url, script, cancellation);
    }

    /// <summary>What tells a source from all others, and how it is built.</summary>
    private (string Digest, Func<DatabaseUrl, CancellationToken, Task> Build) Plan(SchemaSource source) => source switch
    {
        SchemaSource.OfMigrations { Set: var set } when Refusal(set) is { } refusal =>
            throw new DatabaseException(DatabaseFailure.SetUnusable, refusal),
        SchemaSource.OfMigrations { Set: var set } => (
            Digest(set.Migrations.SelectMany(migration => (string[])[migration.Name, migration.Sql])),
            (url, cancellation) => ApplyAsync(url, set, cancellation)),
        SchemaSource.OfScript script when ServerStatements.IsIn(SchemaScript.WithoutPsql(script.Sql)) =>
            throw new DatabaseException(DatabaseFailure.ScriptRefused, OfServer(script.Name)),
        SchemaSource.OfScript script => (
            Digest([script.Sql]), (url, cancellation) => SchemaScript.RunAsync(url, script, cancellation)),
        SchemaSource.Empty => (Digest([]), (_, _) => Task.CompletedTask),
        _ => throw new ArgumentException("A database is not built.", nameof(source)),
    };

    /// <summary>Why a set cannot be run in a scratch database, as far as its files tell; null where it can.</summary>
    internal static string? Refusal(MigrationSet set) => set switch
    {
        { Problems.Count: > 0 } => string.Join(' ', set.Problems),
        _ when set.Migrations.FirstOrDefault(migration => migration.Unjudged is not null) is { } unjudged =>
            $"{unjudged.Name} cannot be run by SchemaGate: {unjudged.Unjudged}. Let {ToolGuide.Of(set.Tool).Name} migrate an empty "
            + $"database (`{ToolGuide.Of(set.Tool).Apply}`), and compare with --from database:URL of that one.",
        _ when ServerStatements.Find(set) is { } shared => OfServer(shared.Name),
        _ => null,
    };

    private static string OfServer(string name) => $"{name} changes the server itself (roles, databases, or rights on them), not only one "
        + "database: it is not run beside a live database.";

    /// <summary>
    /// What applies them is the same for every tool whose migrations are SQL: each in one transaction where it may be, in the set's order.
    /// </summary>
    private async Task ApplyAsync(DatabaseUrl url, MigrationSet set, CancellationToken cancellation)
    {
        await using (NpgsqlDataSource source = DatabaseConnections.ForRun(url))
        await using (NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation))
        {
            await NeededExtensions.RequireAsync(connection, url, set.Migrations.Select(migration => migration.Sql), cancellation);
        }

        ApplyReport report = await new MigrationApplier(time).ApplyAsync(
            url, set with { Tool = MigrationTool.Prisma }, ApplyOptions.Default, progress: null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (report.Failure is { } failure)
        {
            throw new DatabaseException(failure.Kind, Sentence(failure), failure.SqlState);
        }
    }

    private static string Sentence(ApplyFailure failure) => failure switch
    {
        { Migration: { } name, Line: { } line, ServerMessage: { } message } =>
            $"The migrations do not run in a new database: {name}, line {line}: {message} ({failure.SqlState}).{Hint(failure)}",
        _ => failure.Message,
    };

    private static string Hint(ApplyFailure failure) => failure switch
    {
        // A role is the server's, not the database's.
        { SqlState: "42704", ServerMessage: var message } when message!.StartsWith("role ", StringComparison.Ordinal) =>
            " Create the role on the scratch server (NOLOGIN is enough), or use the live database's server.",
        { SqlState: "42501" } => " The role of the scratch server's URL lacks that right.",
        _ => "",
    };

    /// <summary>What depends on the URL's search path is built anew for another one; a database's is in the template's name.</summary>
    private string Digest(IEnumerable<string> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts.Prepend($"2 {server.HasSchema} {server.Schema}"))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
