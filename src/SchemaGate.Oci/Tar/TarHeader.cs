using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace SchemaGate.Oci.Tar;

/// <summary>The fields of one 512-byte header block (POSIX.1-1988 ustar and GNU tar) that decide what follows it.</summary>
internal readonly record struct TarHeader(string Name, byte Type, long Size, bool HasSparseExtension)
{
    public const int BlockSize = 512;

    /// <exception cref="InvalidDataException">The block is not a header.</exception>
    public static TarHeader Read(ReadOnlySpan<byte> block)
    {
        CheckSum(block);
        var name = Text(block[..100]);
        var magic = block.Slice(257, 6);
        // GNU tar keeps times and sparse maps where ustar keeps the first part of a long name.
        var prefix = magic.SequenceEqual("ustar\0"u8) ? Text(block.Slice(345, 155)) : "";
        var type = block[156];
        return new(prefix.Length == 0 ? name : $"{prefix}/{name}", type, Number(block.Slice(124, 12)), type == 'S' && block[482] != 0);
    }

    /// <summary>Text up to the first NUL. What is not UTF-8 is read as Latin-1, so that different names stay different.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        field = end < 0 ? field : field[..end];
        return Utf8.IsValid(field) ? Encoding.UTF8.GetString(field) : Encoding.Latin1.GetString(field);
    }

    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        long unsigned = 0, signed = 0;
        for (var at = 0; at < block.Length; at++)
        {
            // The sum is taken with blanks in its own field; old writers summed signed bytes.
            var value = at is >= 148 and < 156 ? (byte)' ' : block[at];
            unsigned += value;
            signed += (sbyte)value;
        }

        var stated = Number(block.Slice(148, 8));
        if (stated != unsigned && stated != signed)
        {
            throw new InvalidDataException("a header's checksum is wrong");
        }
    }

    /// <summary>Octal digits padded with blanks or NULs; or, with the first bit set, big-endian binary (GNU, for 8 GiB and more).</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return Binary(field);
        }

        long value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            value = digit is >= (byte)'0' and <= (byte)'7' ? value * 8 + (digit - '0') : throw NotANumber();
        }

        return value;
    }

    private static long Binary(ReadOnlySpan<byte> field)
    {
        // 0x80 alone leads: any higher bit would be negative, or more than fits.
        if (field[0] != 0x80 || field.Length <= 8 || field[1..^8].ContainsAnyExcept((byte)0))
        {
            throw NotANumber();
        }

        var value = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        return value >= 0 ? value : throw NotANumber();
    }

    private static InvalidDataException NotANumber() => new("a header's number is not one");
}
