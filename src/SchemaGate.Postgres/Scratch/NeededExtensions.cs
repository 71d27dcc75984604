using Npgsql;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Scratch;

/// <summary>The extensions that a schema asks for, and those of them that a server has not.</summary>
internal static class NeededExtensions
{
    /// <summary>What Debian's packages are called behind <c>postgresql-15-</c>; PostgreSQL's own are in the server's package.</summary>
    private static readonly Dictionary<string, string> s_packages = new(StringComparer.Ordinal)
    {
        ["postgis"] = "postgis-3",
        ["postgis_topology"] = "postgis-3",
        ["vector"] = "pgvector",
        ["pg_cron"] = "cron",
        ["pg_partman"] = "partman",
        ["pgaudit"] = "pgaudit",
        ["hll"] = "hll",
        ["ip4r"] = "ip4r",
        ["rum"] = "rum",
        ["semver"] = "semver",
    };

    /// <exception cref="DatabaseException">ScriptRefused: some are not there; the sentence names them.</exception>
    public static async Task RequireAsync(
        NpgsqlConnection connection, DatabaseUrl url, IEnumerable<string> scripts, CancellationToken cancellation)
    {
        string[] needed = [.. scripts.Where(sql => sql.Contains("EXTENSION", StringComparison.OrdinalIgnoreCase))
            .SelectMany(sql => StatementReader.Read(sql).Statements.OfType<CreateExtension>())
            .Select(extension => extension.Name).Distinct(StringComparer.Ordinal)];
        if (needed.Length == 0)
        {
            return;
        }

        await using NpgsqlCommand command = new(
            "SELECT name FROM pg_catalog.unnest($1) AS name "
                + "WHERE name NOT IN (SELECT a.name::text FROM pg_catalog.pg_available_extensions a)", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = needed } },
        };
        List<string> missing = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            missing.Add(reader.GetString(0));
        }

        if (missing.Count > 0)
        {
            throw new DatabaseException(DatabaseFailure.ScriptRefused, Sentence(missing, url, connection.PostgreSqlVersion.Major));
        }
    }

    private static string Sentence(List<string> missing, DatabaseUrl url, int major)
    {
        string[] packages = [.. missing.Select(name => s_packages.GetValueOrDefault(name)).OfType<string>().Distinct(StringComparer.Ordinal)
            .Select(name => $"postgresql-{major}-{name}")];
        string debian = packages.Length > 0 ? $" (Debian's package: {string.Join(", ", packages)})" : "";
        return $"{url.Servers} has not the {(missing.Count == 1 ? "extension" : "extensions")} {string.Join(", ", missing)}, which the "
            + $"migrations create: install what has them there{debian}, or name a server that has them with --scratch.";
    }
}
