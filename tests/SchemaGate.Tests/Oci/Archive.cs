using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SchemaGate.Tests.Oci;

/// <summary>Layers to read, written with .NET's own tar writer: another hand than the reader's.</summary>
internal static class Archive
{
    public static byte[] Tar(params (string Path, string Content)[] files) =>
        Tar(files.Select(file => File(file.Path, Encoding.UTF8.GetBytes(file.Content))).ToArray());

    public static byte[] Tar(params TarEntry[] entries) => Tar(TarEntryFormat.Pax, entries);

    public static byte[] Tar(TarEntryFormat format, params TarEntry[] entries)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, format, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return archive.ToArray();
    }

    public static TarEntry File(string path, byte[] content) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) };

    public static TarEntry File(string path, string content = "") => File(path, Encoding.UTF8.GetBytes(content));

    public static TarEntry Directory(string path) => new PaxTarEntry(TarEntryType.Directory, path);

    public static TarEntry Link(string path, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        new PaxTarEntry(type, path) { LinkName = target };

    /// <summary>One entry by hand: a ustar header with a right checksum, whatever else is in it, and its data.</summary>
    public static byte[] Raw(string name, char type, byte[] data, long? size = null)
    {
        var block = new byte[512];
        Encoding.Latin1.GetBytes(name).CopyTo(block, 0);
        Encoding.ASCII.GetBytes(Convert.ToString(size ?? data.Length, 8).PadLeft(11, '0')).CopyTo(block, 124);
        block[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(block, 257);
        "        "u8.CopyTo(block.AsSpan(148));
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return [.. block, .. data, .. new byte[-data.Length & 511]];
    }

    /// <summary>A pax record, with the length that it states of itself.</summary>
    public static byte[] Pax(string key, string value)
    {
        var bare = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = bare + 1;
        while (bare + length.ToString().Length != length)
        {
            length++;
        }

        return Encoding.UTF8.GetBytes($"{length} {key}={value}\n");
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <param name="content">What is packed.</param>
    /// <param name="window">
    /// The power of two that the frame asks for as its window, without a stated size; or what suits the content.
    /// </param>
    /// <param name="checksum">Whether the frame ends with one.</param>
    public static byte[] Zstd(byte[] content, int window = 0, bool checksum = false)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, window);
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, checksum ? 1 : 0);
            zstd.Write(content);
        }

        return packed.ToArray();
    }
}
