namespace SchemaGate.Oci.Tar;

/// <summary>Reads a tar archive forwards, in memory that does not depend on it: ustar, GNU long names and sparse files,
/// pax path and size. It keeps in step with Go's archive/tar, which writes and unpacks nearly every layer there is:
/// global pax headers do not apply, links and directories have no data whatever their size field says.
/// <para>System.Formats.Tar allocates whatever size an extended header states, before its bytes have come, and refuses
/// archives that container runtimes unpack.</para></summary>
/// <param name="read">Reads up to that many bytes; 0 is the end.</param>
internal sealed class TarReader(Func<Memory<byte>, ValueTask<int>> read)
{
    // Extended attributes, which are all that is large in an extended header, are at most 64 KiB each on Linux.
    private const int MaxExtension = 1 << 20;

    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private readonly byte[] skipped = new byte[64 * 1024];
    private long unread;
    private int padding;

    /// <summary>Whether the archive ended with a block of zeros, and not because nothing followed.</summary>
    public bool EndIsMarked { get; private set; }

    /// <summary>The next entry, or null at the end. What was not read of the last one's data is skipped.</summary>
    /// <exception cref="InvalidDataException">This is not a tar archive, or it is cut off.</exception>
    public async ValueTask<TarEntry?> NextAsync()
    {
        var pax = PaxRecords.None;
        string? longName = null;
        while (true)
        {
            await SkipAsync(unread);
            // umoci leaves out the last entry's padding, and Go reads on.
            _ = await FillAsync(skipped.AsMemory(0, padding));
            if (!await ReadHeaderBlockAsync())
            {
                return pax == PaxRecords.None && longName is null ? null : throw CutOff();
            }

            var header = TarHeader.Read(block);
            Follow(header.Size);
            switch ((char)header.Type)
            {
                case 'x':
                    pax = PaxRecords.Read(await ReadExtensionAsync());
                    break;
                case 'L':
                    longName = TarHeader.Text(await ReadExtensionAsync());
                    break;
                case 'K' or 'g':
                    break;
                default:
                    return await EntryAsync(header, pax, longName);
            }
        }
    }

    /// <summary>Reads the current entry's data into a buffer of exactly its size.</summary>
    public async ValueTask<byte[]> ReadDataAsync()
    {
        var data = new byte[unread];
        unread = 0;
        return await FillAsync(data) == data.Length ? data : throw CutOff();
    }

    private async ValueTask<TarEntry> EntryAsync(TarHeader header, PaxRecords pax, string? longName)
    {
        for (var more = header.HasSparseExtension; more; more = block[504] != 0)
        {
            await FillBlockAsync();
        }

        var name = longName ?? pax.Path ?? header.Name;
        var kind = (char)header.Type switch
        {
            '\0' when name.EndsWith('/') => TarEntryKind.Directory,
            '\0' or '0' or '7' => pax.IsSparse ? TarEntryKind.Sparse : TarEntryKind.File,
            '1' or '2' => TarEntryKind.Link,
            '5' => TarEntryKind.Directory,
            'S' => TarEntryKind.Sparse,
            _ => TarEntryKind.Other,
        };
        Follow((char)header.Type is >= '1' and <= '6' ? 0 : pax.Size ?? header.Size);
        return new TarEntry(name, kind, unread);
    }

    private void Follow(long size)
    {
        unread = size <= long.MaxValue - TarHeader.BlockSize ? size : throw new InvalidDataException("an entry's size is not possible");
        padding = (int)(-size & (TarHeader.BlockSize - 1));
    }

    private async ValueTask<byte[]> ReadExtensionAsync() => unread <= MaxExtension ? await ReadDataAsync()
        : throw new InvalidDataException($"an extended header has {unread} bytes; at most {MaxExtension} are read");

    /// <summary>False at the end, which two blocks of zeros mark and careless writers leave out.</summary>
    private async ValueTask<bool> ReadHeaderBlockAsync()
    {
        for (var blocks = 0; blocks < 2; blocks++)
        {
            var count = await FillAsync(block);
            if (count == 0)
            {
                return false;
            }

            if (count < block.Length)
            {
                throw CutOff();
            }

            if (block.AsSpan().ContainsAnyExcept((byte)0))
            {
                return !EndIsMarked ? true : throw new InvalidDataException("there is data after a block of zeros");
            }

            EndIsMarked = true;
        }

        return false;
    }

    private async ValueTask FillBlockAsync()
    {
        if (await FillAsync(block) < block.Length)
        {
            throw CutOff();
        }
    }

    private async ValueTask SkipAsync(long count)
    {
        while (count > 0)
        {
            var got = await read(skipped.AsMemory(0, (int)Math.Min(count, skipped.Length)));
            count -= got > 0 ? got : throw CutOff();
        }
    }

    private async ValueTask<int> FillAsync(Memory<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var got = await read(buffer[filled..]);
            if (got == 0)
            {
                break;
            }

            filled += got;
        }

        return filled;
    }

    private static InvalidDataException CutOff() => new("the archive ends in the middle of an entry");
}
