using System.Globalization;
using Npgsql;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Postgres.History.Dialects;

namespace SchemaGate.Postgres.History;

/// <summary>Reads a history's rows and counts them meanwhile. A value's length is known before the value is read.</summary>
/// <param name="reader">Reads columns in sequence.</param>
/// <param name="source">Whose rows they are.</param>
/// <param name="limits">How much is read.</param>
/// <param name="mayHold">Whether there is room for so many bytes in all; asked ever again as they become more.</param>
internal sealed class HistoryRowReader(
    NpgsqlDataReader reader, HistorySource source, HistoryLimits limits, Func<long, bool>? mayHold)
{
    /// <summary>A row without its texts, and its places in what is made of the rows.</summary>
    private const int RowBytes = 300;

    private const int TextBytes = 24;

    private long _bytes;

    /// <exception cref="DatabaseException">HistoryUnreadable: they are too many, or no tool's.</exception>
    public async Task<List<HistoryRow>> ReadAsync(CancellationToken cancellation)
    {
        List<HistoryRow> rows = [];
        while (await reader.ReadAsync(cancellation))
        {
            if (rows.Count == limits.Rows)
            {
                throw Refused(string.Create(CultureInfo.InvariantCulture, $"has more than {limits.Rows} rows"));
            }

            rows.Add(await RowAsync(cancellation));
        }

        return rows;
    }

    private async Task<HistoryRow> RowAsync(CancellationToken cancellation)
    {
        HistoryRow row = new(
            await TextAsync(0, limits.IdCharacters, "an id", cancellation) ?? "",
            await TextAsync(1, limits.NameCharacters, "a name", cancellation) ?? "",
            await TextAsync(2, limits.IdCharacters, "a checksum", cancellation) ?? "",
            await TimeAsync(3, cancellation) ?? DateTimeOffset.MinValue,
            await TimeAsync(4, cancellation),
            await TimeAsync(5, cancellation),
            await reader.IsDBNullAsync(6, cancellation) ? 0 : await reader.GetFieldValueAsync<int>(6, cancellation),
            await TextAsync(7, limits.LogCharacters, "an error", cancellation))
        {
            CoversEarlier = !await reader.IsDBNullAsync(8, cancellation) && await reader.GetFieldValueAsync<bool>(8, cancellation),
        };
        Count(row);
        return row;
    }

    private void Count(HistoryRow row)
    {
        _bytes += RowBytes + Weight(row.Id) + Weight(row.Name) + Weight(row.Checksum) + Weight(row.Logs);
        if (_bytes > limits.Bytes)
        {
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"has more than {limits.Bytes >> 20} MiB"));
        }

        if (mayHold?.Invoke(_bytes) == false)
        {
            throw new DatabaseException(
                DatabaseFailure.HistoryUnreadable, $"There is no memory for the history table {source.Table} at the moment.");
        }
    }

    private static long Weight(string? text) => text is null ? 0 : TextBytes + (sizeof(char) * (long)text.Length);

    private async Task<string?> TextAsync(int column, int most, string what, CancellationToken cancellation)
    {
        if (await reader.IsDBNullAsync(column, cancellation))
        {
            return null;
        }

        // In UTF-8 a character takes four bytes at most. What has one character more than it may have shows that it was cut.
        return reader.GetBytes(column, 0, buffer: null, 0, 0) <= 4L * (most + 1)
            ? BoundedText.Of(await reader.GetFieldValueAsync<string>(column, cancellation), most)
            : throw Refused($"has {what} that is longer than {most} characters");
    }

    private async Task<DateTimeOffset?> TimeAsync(int column, CancellationToken cancellation) =>
        await reader.IsDBNullAsync(column, cancellation)
            ? null
            : await reader.GetFieldValueAsync<DateTimeOffset>(column, cancellation);

    private DatabaseException Refused(string what) => new(
        DatabaseFailure.HistoryUnreadable,
        $"The history table {source.Table} {what}, which {source.Guide.Name}'s history never has. Remove what is not a migration's; "
        + "where it is a view, make it one of the migrations' rows alone.");
}
