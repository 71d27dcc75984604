using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Cli.Changelogs;

/// <summary>
/// One run at a time edits a document. The lock is the system's on an empty file among the temporary ones (flock), so it ends with the
/// process that has it, and nothing is left beside the document.
/// </summary>
internal static class DocumentLock
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <param name="path">The document's own path, links followed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DocumentException">Another run has it for too long.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeProvider time, CancellationToken cancellation)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
        string file = Path.Combine(Path.GetTempPath(), $"schemagate-{Environment.UserName}-{hash}.lock");
        long started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < s_patience)
            {
                await Task.Delay(s_pause, time, cancellation);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new DocumentException($"{path} is being edited by another run, or {file} cannot be opened: {exception.Message}");
            }
        }
    }
}
