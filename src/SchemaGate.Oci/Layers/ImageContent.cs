using SchemaGate.Oci.Manifests;
using SchemaGate.Oci.Tar;

namespace SchemaGate.Oci.Layers;

/// <summary>The wanted files of an image while its layers are laid over each other, first to last
/// (OCI image specification, layer.md, "Applying Changesets").</summary>
/// <param name="image">How messages name it.</param>
/// <param name="limits">How much is kept.</param>
/// <param name="wanted">Says of a path whether the file there is kept.</param>
/// <param name="mayKeep">Whether there is room for so many bytes in all, besides the limits; null where there always is.</param>
internal sealed class ImageContent(
    ImageReference image, RegistryLimits limits, Func<string, bool> wanted, Func<long, bool>? mayKeep = null)
{
    private readonly FileTree lower = new();
    private FileTree upper = new();
    private (Digest? Layer, string Name) current;
    private long expanded;
    private long kept;
    private long entries;
    private long files;

    /// <summary>The files once every layer was applied.</summary>
    /// <exception cref="OciException">A wanted path turned out to be no regular file.</exception>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files()
    {
        var faults = lower.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value.Fault).OfType<OciException>();
        return faults.FirstOrDefault() is { } fault ? throw fault
            : lower.Files.ToDictionary(file => file.Key, file => file.Value.Content, StringComparer.Ordinal);
    }

    /// <summary>Lays one tar layer over what there is.</summary>
    /// <returns>The archive's length, where nothing but that shows that it is whole: its writer left out the end mark.</returns>
    public async Task<long?> ApplyTarAsync(Layer layer, Stream tar, CancellationToken cancellation)
    {
        var (where, name, start) = ("at the start", "", expanded);
        current = (layer.Digest, "");
        try
        {
            var reader = new TarReader(buffer => ReadAsync(layer, start, tar, buffer, cancellation));
            while (await reader.NextAsync() is { } entry)
            {
                (where, name) = ("at entry", entry.Name);
                current = (layer.Digest, name);
                Count(ref entries, 1, limits.Entries, "entries");
                await ApplyAsync(layer, reader, entry);
                where = "after entry";
            }

            Settle();
            return reader.EndIsMarked ? null : expanded - start;
        }
        catch (InvalidDataException fault)
        {
            throw new OciException(OciFailure.Invalid,
                $"{image}: layer {layer.Digest} cannot be read as {layer.Format} {where} {OciException.Quote(name)}: {fault.Message}",
                fault);
        }
    }

    /// <summary>Adds the file that an artifact's layer is, if it is wanted.</summary>
    public async Task ApplyFileAsync(Layer layer, string path, Stream content, CancellationToken cancellation)
    {
        current = (layer.Digest, path);
        CheckFileSize(layer.Size);
        var bytes = new byte[layer.Size];
        // A shorter body shows when the layer is verified.
        _ = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        Clear(path, under: true);
        Keep(path, new KeptFile(bytes));
        Settle();
    }

    /// <summary>The path of an artifact's file, or null when it is not wanted.</summary>
    public string? WantedTitle(Layer layer)
    {
        try
        {
            var path = EntryPath.Normalize(layer.Title, limits.PathLength);
            return path.Length > 0 && wanted(path) ? path : null;
        }
        catch (InvalidDataException fault)
        {
            throw new OciException(OciFailure.Invalid,
                $"{image}: layer {layer.Digest} has the title {OciException.Quote(layer.Title)}: {fault.Message}", fault);
        }
    }

    private async ValueTask ApplyAsync(Layer layer, TarReader reader, TarEntry entry)
    {
        var path = EntryPath.Normalize(entry.Name, limits.PathLength);
        var (directory, name) = EntryPath.Split(path);
        if (name.StartsWith(EntryPath.Whiteout, StringComparison.Ordinal))
        {
            WhiteOut(directory, name);
        }
        else if (entry.Kind == TarEntryKind.Directory)
        {
            Clear(path, under: false);
        }
        else if (path.Length == 0)
        {
            throw new InvalidDataException("the root is not a directory");
        }
        else
        {
            Clear(path, under: true);
            await KeepIfWantedAsync(layer, reader, entry, path);
        }
    }

    /// <summary>A whiteout hides what lower layers have, and nothing of its own layer, wherever in the layer it stands.</summary>
    private void WhiteOut(string directory, string name)
    {
        if (name == EntryPath.Opaque)
        {
            lower.RemoveUnder(directory.TrimEnd('/'));
            return;
        }

        // Others of this prefix are aufs's own bookkeeping.
        if (name.StartsWith(".wh..wh.", StringComparison.Ordinal))
        {
            return;
        }

        var hidden = name[EntryPath.Whiteout.Length..];
        if (hidden is "" or "." or "..")
        {
            throw new InvalidDataException("a whiteout names no file");
        }

        lower.Remove(directory + hidden);
        lower.RemoveUnder(directory + hidden);
    }

    /// <summary>An entry replaces what had its path: a directory replaces a file, anything else a directory's files too.</summary>
    private void Clear(string path, bool under)
    {
        foreach (var tree in (ReadOnlySpan<FileTree>)[lower, upper])
        {
            tree.RemoveAbove(path);
            tree.Remove(path);
            if (under)
            {
                tree.RemoveUnder(path);
            }
        }
    }

    private async ValueTask KeepIfWantedAsync(Layer layer, TarReader reader, TarEntry entry, string path)
    {
        if (!wanted(path))
        {
            return;
        }

        if (entry.Kind == TarEntryKind.File)
        {
            CheckFileSize(entry.Size);
            Keep(path, new KeptFile(await reader.ReadDataAsync()));
            return;
        }

        var what = entry.Kind switch
        {
            TarEntryKind.Link => "a link",
            TarEntryKind.Sparse => "a sparse file",
            _ => "not a regular file",
        };
        Keep(path, new KeptFile(default, new OciException(OciFailure.Unsupported,
            $"{image}: in layer {layer.Digest} the entry {OciException.Quote(path)} is {what}; put a regular file there")));
    }

    private void CheckFileSize(long size)
    {
        if (size > limits.FileBytes)
        {
            throw TooLarge($"has {size} bytes; of a file at most {limits.FileBytes} are read");
        }

        CountKept(size);
    }

    private void CountKept(long more)
    {
        Count(ref kept, more, limits.KeptBytes, "bytes of wanted files");
        if (mayKeep?.Invoke(kept) == false)
        {
            throw new OciException(OciFailure.Unreachable, $"{image} cannot be read: there is no memory for its wanted files");
        }
    }

    private void Keep(string path, KeptFile file)
    {
        Count(ref files, 1, limits.Files, "wanted files");
        CountKept(path.Length * sizeof(char));
        upper.Put(path, file);
    }

    /// <summary>The layer is done: for the next one it is among the lower ones. What it replaced is gone already.</summary>
    private void Settle()
    {
        foreach (var (path, file) in upper.Files)
        {
            lower.Put(path, file);
        }

        upper = new FileTree();
    }

    private async ValueTask<int> ReadAsync(Layer layer, long start, Stream tar, Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = await tar.ReadAsync(buffer, cancellation);
        Count(ref expanded, count, limits.ExpandedBytes, "expanded bytes");
        return expanded - start <= limits.UnjudgedBytes + (layer.Size * limits.Expansion) ? count
            : throw TooLarge($"is where the layer's {layer.Size} bytes have expanded to more than {limits.Expansion} times as many; "
                + "push the image without what is empty in it");
    }

    private void Count(ref long counter, long more, long limit, string what)
    {
        counter += more;
        if (counter > limit)
        {
            throw TooLarge($"is where the image's layers have more than {limit} {what}");
        }
    }

    private OciException TooLarge(string what) =>
        new(OciFailure.TooLarge, $"{image}: in layer {current.Layer} the entry {OciException.Quote(current.Name)} {what}");
}
