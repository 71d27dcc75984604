using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>
/// Writes a document by a temporary file beside it, synced, and a rename that keeps its mode. A document that changed since it was read is
/// read and edited anew.
/// </summary>
internal static class DocumentWriter
{
    private const int MaxTries = 5;

    /// <returns>The text that was edited, and what became of that.</returns>
    /// <exception cref="DocumentException">It cannot be read or written, or changes all the time.</exception>
    public static async Task<(string Before, EditOutcome Outcome)> UpdateAsync(
        DocumentFile file, Func<string, EditOutcome> edit, Shell shell, CancellationToken cancellation)
    {
        DocumentFile real = file with { Path = RealPath(file.Path) };
        using IDisposable only = await DocumentLock.TakeAsync(real.Path, shell.Time, cancellation);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            byte[] content = await real.ContentAsync(cancellation);
            string before = real.Decoded(content);
            EditOutcome outcome = edit(before);
            if (outcome is not EditOutcome.Edited { Changes.Count: > 0, Text: var after }
                || await ReplaceAsync(real, content, DocumentFile.Encoded(after), cancellation))
            {
                return (before, outcome);
            }
        }

        throw new DocumentException($"{file.Shown} changes while it is edited: try again.");
    }

    /// <summary>The file itself: a link stays a link.</summary>
    private static string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DocumentException($"{path} cannot be read: {exception.Message}");
        }
    }

    private static async Task<bool> ReplaceAsync(DocumentFile file, byte[] before, byte[] after, CancellationToken cancellation)
    {
        string temporary = Path.Combine(
            Path.GetDirectoryName(file.Path)!, $".{Path.GetFileName(file.Path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            if (File.GetAttributes(file.Path).HasFlag(FileAttributes.ReadOnly))
            {
                throw new DocumentException($"{file.Shown} cannot be written: it is read-only.");
            }

            await WriteAsync(temporary, file.Path, after, cancellation);
            byte[] now = await file.ContentAsync(cancellation);
            if (!before.AsSpan().SequenceEqual(now))
            {
                return false;
            }

            File.Move(temporary, file.Path, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException($"{file.Shown} cannot be written: {exception.Message}");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task WriteAsync(string temporary, string like, byte[] content, CancellationToken cancellation)
    {
        await using FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(like));
        }

        await stream.WriteAsync(content, cancellation);
        stream.Flush(flushToDisk: true);
    }
}
