using System.Buffers.Text;

namespace SchemaGate.Oci.Tar;

/// <summary>What an extended header (POSIX.1-2001 pax, type x) says about the entry after it.</summary>
internal sealed record PaxRecords(string? Path, long? Size, bool IsSparse)
{
    public static PaxRecords None { get; } = new(null, null, false);

    /// <summary>Reads records <c>length key=value\n</c>; values are bytes and may hold anything (extended attributes do).</summary>
    /// <exception cref="InvalidDataException">The block is not a list of records.</exception>
    public static PaxRecords Read(ReadOnlySpan<byte> block)
    {
        var records = None;
        while (block.Length > 0)
        {
            if (!Utf8Parser.TryParse(block, out int length, out var digits) || length <= digits + 2 || length > block.Length
                || block[digits] != ' ' || block[length - 1] != '\n')
            {
                throw Malformed();
            }

            var record = block[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            records = equals > 0 ? records.With(record[..equals], record[(equals + 1)..]) : throw Malformed();
            block = block[length..];
        }

        return records;
    }

    private PaxRecords With(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("GNU.sparse.name"u8))
        {
            return this with { Path = PathOf(value), IsSparse = true };
        }

        if (key.StartsWith("GNU.sparse."u8))
        {
            return this with { IsSparse = true };
        }

        // A sparse file's own name stands in GNU.sparse.name; its path is made up.
        if (key.SequenceEqual("path"u8))
        {
            return IsSparse && Path is not null ? this : this with { Path = PathOf(value) };
        }

        return key.SequenceEqual("size"u8) ? this with { Size = SizeOf(value) } : this;
    }

    /// <summary>An empty value takes the record back.</summary>
    private static string? PathOf(ReadOnlySpan<byte> value) => value switch
    {
        [] => null,
        _ when value.Contains((byte)0) => throw new InvalidDataException("an entry's name contains a NUL"),
        _ => TarHeader.Text(value),
    };

    private static long? SizeOf(ReadOnlySpan<byte> value) => value switch
    {
        [] => null,
        _ when Utf8Parser.TryParse(value, out long size, out var used) && used == value.Length && size >= 0 => size,
        _ => throw Malformed(),
    };

    private static InvalidDataException Malformed() => new("an extended header is malformed");
}
