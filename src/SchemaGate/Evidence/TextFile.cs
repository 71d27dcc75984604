using System.Buffers;
using System.Text;
using System.Text.Unicode;
using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Evidence;

/// <summary>Reads files of UTF-8 that people name one by one. Bounded in size.</summary>
internal static class TextFile
{
    /// <summary>A file's text. A byte order mark stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="language">What is written in it, likewise.</param>
    public static Evidence<string> Read(string path, string what, string language)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using MemoryStream content = new();
            // What a length says is not to be trusted: a device has none, a pipe ends when it ends.
            for (int read; content.Length <= DirectoryEvidence.LongestFile && (read = file.Read(buffer)) > 0;)
            {
                content.Write(buffer, 0, read);
            }

            return content.Length > DirectoryEvidence.LongestFile
                ? Unreadable($"{path} is larger than {DirectoryEvidence.LongestFile >> 20} MiB, which no {what} is.")
                : Decode(path, content.GetBuffer().AsSpan(0, (int)content.Length), language);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unreadable($"{path} cannot be read: {exception.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="name">What the bytes are called, for messages.</param>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="language">What they are to be, likewise.</param>
    public static Evidence<string> Decode(string name, ReadOnlySpan<byte> bytes, string language) => bytes switch
    {
        _ when bytes.Contains((byte)0) =>
            Unreadable($"{name} has zero bytes: it is no {language}, or it is saved as UTF-16. Save it as UTF-8."),
        _ when !Utf8.IsValid(bytes) => Unreadable($"{name} is not UTF-8: save it as UTF-8."),
        _ => new Evidence<string>.Found(Encoding.UTF8.GetString(bytes)),
    };

    private static Evidence<string>.Missing Unreadable(string message) => new(Reasons.MigrationsNotFound, message);
}
