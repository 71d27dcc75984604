using System.Text;
using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>What makes another database like one: its encoding and collation, and its settings.</summary>
/// <param name="Clause">Of CREATE DATABASE, behind <c>TEMPLATE template0</c>; the columns of pg_database differ by the server's version
/// (13 to 18).</param>
/// <param name="Settings">No part of a copy: each database is given them when it is there.</param>
internal sealed record ScratchLocale(string Clause, ScratchSettings Settings)
{
    /// <exception cref="DatabaseException">The database cannot be reached.</exception>
    public static async Task<ScratchLocale> ReadAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
        await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        return await ReadAsync(connection, cancellation);
    }

    public static async Task<ScratchLocale> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        string columns = connection.PostgreSqlVersion.Major switch
        {
            < 15 => "NULL::text, NULL::text, NULL::text",
            15 => "datlocprovider::text, daticulocale, NULL::text",
            16 => "datlocprovider::text, daticulocale, daticurules",
            _ => "datlocprovider::text, datlocale, daticurules",
        };
        ScratchSettings settings = await ScratchSettings.ReadAsync(connection, cancellation);
        await using NpgsqlCommand command = new(
            $"SELECT pg_catalog.pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, {columns} "
                + "FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        StringBuilder clause = new($"ENCODING {Literal(reader.GetString(0))}");
        foreach ((int column, string keyword) in Options(reader.IsDBNull(3) ? null : reader.GetString(3)))
        {
            if (column < 0)
            {
                clause.Append($" {keyword}");
            }
            else if (!reader.IsDBNull(column))
            {
                clause.Append($" {keyword} {Literal(reader.GetString(column))}");
            }
        }

        return new(clause.ToString(), settings);
    }

    /// <summary>Which column stands behind which words; -1 for words alone.</summary>
    private static IEnumerable<(int Column, string Keyword)> Options(string? provider) =>
    [
        (1, "LC_COLLATE"), (2, "LC_CTYPE"),
        .. provider switch
        {
            "i" => [(-1, "LOCALE_PROVIDER icu"), (4, "ICU_LOCALE"), (5, "ICU_RULES")],
            "b" => [(-1, "LOCALE_PROVIDER builtin"), (4, "BUILTIN_LOCALE")],
            "c" => [(-1, "LOCALE_PROVIDER libc")],
            _ => ((int, string)[])[],
        },
    ];

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
