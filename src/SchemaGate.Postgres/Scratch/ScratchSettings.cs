using Npgsql;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// Settings of a database (<c>ALTER DATABASE … SET</c>, also those for its user) that decide what migrations make in it: an unqualified
/// table goes where the search path leads, a default's literal is read in the database's time zone.
/// </summary>
/// <param name="Values">By name in lower case; only those that are known here, because others may be secrets.</param>
internal sealed record ScratchSettings(IReadOnlyList<(string Name, string Value)> Values)
{
    /// <summary>Anybody may set them (documentation, 20.1.3 and 20.11), and no other setting changes a catalog.</summary>
    private static readonly string[] s_decisive =
    [
        "search_path", "timezone", "datestyle", "intervalstyle", "standard_conforming_strings", "check_function_bodies", "xmloption",
        "default_table_access_method", "default_toast_compression",
    ];

    // What a user has in this database goes before what the database has for all.
    private const string Query = """
        SELECT DISTINCT ON (1) pg_catalog.lower(pg_catalog.split_part(one, '=', 1)),
               pg_catalog.substr(one, pg_catalog.strpos(one, '=') + 1)
        FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = pg_catalog.current_database()
        CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS one
        WHERE (s.setrole = 0 OR s.setrole = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user))
          AND pg_catalog.lower(pg_catalog.split_part(one, '=', 1)) = ANY ($1)
        ORDER BY 1, s.setrole DESC
        """;

    /// <summary>Those of the database that the connection is in.</summary>
    public static async Task<ScratchSettings> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Query, connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = s_decisive } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        List<(string, string)> values = [];
        while (await reader.ReadAsync(cancellation))
        {
            values.Add((reader.GetString(0), reader.GetString(1)));
        }

        return new(values);
    }

    /// <summary>Gives them to another database.</summary>
    /// <returns>How they are not those that were asked for, one sentence each.</returns>
    public async Task<string[]> GiveAsync(ScratchKeeper keeper, string database, CancellationToken cancellation)
    {
        List<string> notes = [];
        foreach ((string name, string value) in Values)
        {
            try
            {
                await keeper.SetAsync(database, name, value, cancellation);
            }
            catch (PostgresException error) when (error.SqlState is "22023" or "42704")
            {
                notes.Add($"The scratch server has not the value that the database's setting {name} names.");
            }
        }

        return [.. notes];
    }

    /// <summary>What tells them from others.</summary>
    public override string ToString() => string.Concat(Values.Select(setting => $"\n{setting.Name}={setting.Value}"));
}
