using System.Globalization;
using Npgsql;

namespace SchemaGate.Postgres.Introspection;

/// <summary>Reads the answer's rows and counts them meanwhile. A value's length is known before the value is read.</summary>
/// <param name="reader">Reads columns in sequence.</param>
/// <param name="limits">How much is read.</param>
internal sealed class CatalogRows(NpgsqlDataReader reader, CatalogLimits limits)
{
    /// <summary>A row without its texts, and a text without its characters.</summary>
    private const int RowBytes = 200;
    private const int TextBytes = 24;

    private int _rows;
    private long _bytes;

    /// <exception cref="DatabaseException">They are too many.</exception>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation))
        {
            return false;
        }

        if (++_rows > limits.Rows)
        {
            throw TooMuch(string.Create(CultureInfo.InvariantCulture, $"{limits.Rows:n0} rows"));
        }

        Count(RowBytes);
        return true;
    }

    public CatalogAddress Address(int column) =>
        new(reader.GetInt64(column), reader.GetInt64(column + 1), reader.GetInt32(column + 2));

    public long Number(int column) => reader.GetInt64(column);

    public int Int(int column) => reader.GetInt32(column);

    public string Name(int column) => reader.GetName(column);

    public int Columns => reader.FieldCount;

    /// <exception cref="DatabaseException">It is too long.</exception>
    public string? Text(int column)
    {
        if (reader.IsDBNull(column))
        {
            return null;
        }

        // In UTF-8 a character takes a byte at least, and here two.
        Count(TextBytes + (2 * reader.GetBytes(column, 0, buffer: null, 0, 0)));
        return reader.GetString(column);
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (_bytes > limits.Bytes || limits.MayHold?.Invoke(_bytes) == false)
        {
            throw TooMuch($"{limits.Bytes >> 20} MiB");
        }
    }

    private static DatabaseException TooMuch(string what) => new(
        DatabaseFailure.CatalogTooLarge, $"The schemas have more than {what} of definitions, which are not read. Name fewer schemas.");
}
