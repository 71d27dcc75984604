using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary>
/// Writes a document whole, keeping its mode. A document that changed since it was read is read and edited anew.
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
        try
        {
            return File.GetAttributes(file.Path).HasFlag(FileAttributes.ReadOnly)
                ? throw new DocumentException($"{file.Shown} cannot be written: it is read-only.")
                : await WholeFile.WriteAsync(
                    file.Path, after, async () => (await file.ContentAsync(cancellation)).AsSpan().SequenceEqual(before), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException($"{file.Shown} cannot be written: {exception.Message}");
        }
    }
}
