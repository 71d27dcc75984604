namespace SchemaGate.Cli.Changelogs;

/// <summary>Writes a file whole or not at all: a temporary one beside it, synced, then renamed. Nothing is left where that fails.</summary>
internal static class WholeFile
{
    /// <param name="path">Where to; its directory exists.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mayReplace">Asked when the new content is on the disk: whether it still may take the place of what stands there. Null:
    /// of nothing, the name must be free.</param>
    /// <param name="cancellation">Ends it before the rename.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="IOException">It cannot be written, or the name is taken.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is another's.</exception>
    public static async Task<bool> WriteAsync(
        string path, byte[] content, Func<Task<bool>>? mayReplace, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            await using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                if (mayReplace is not null && File.Exists(full) && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(full));
                }

                await stream.WriteAsync(content, cancellation);
                stream.Flush(flushToDisk: true);
            }

            if (mayReplace is not null && !await mayReplace())
            {
                return false;
            }

            File.Move(temporary, full, overwrite: mayReplace is not null);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
