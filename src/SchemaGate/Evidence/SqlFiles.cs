using System.Buffers;
using System.Text;
using System.Text.Unicode;
using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Evidence;

/// <summary>Reads SQL files that are no set in Prisma's layout. Bounded in size and number.</summary>
internal static class SqlFiles
{
    public const int MostFiles = 10_000;

    /// <summary>A file's text. A byte order mark stays.</summary>
    public static Evidence<string> Read(string path)
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
                ? Unreadable($"{path} is larger than {DirectoryEvidence.LongestFile >> 20} MiB, which no migration is.")
                : Decode(path, content.GetBuffer().AsSpan(0, (int)content.Length));
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
    public static Evidence<string> Decode(string name, ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.Contains((byte)0) =>
            Unreadable($"{name} has zero bytes: it is no SQL, or it is saved as UTF-16. Save it as UTF-8."),
        _ when !Utf8.IsValid(bytes) => Unreadable($"{name} is not UTF-8: save it as UTF-8."),
        _ => new Evidence<string>.Found(Encoding.UTF8.GetString(bytes)),
    };

    /// <summary>The SQL files of a directory itself, in the order in which people number them; not of those below it.</summary>
    /// <returns>Paths as one may open them; null where there are more than <see cref="MostFiles"/>.</returns>
    public static IReadOnlyList<string>? In(string directory)
    {
        EnumerationOptions visible =
            new() { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false, MatchCasing = MatchCasing.CaseInsensitive };
        List<string> files = [.. Directory.EnumerateFiles(directory, "*.sql", visible).Take(MostFiles + 1)];
        files.Sort(Compare);
        return files.Count > MostFiles ? null : files;
    }

    private static Evidence<string>.Missing Unreadable(string message) => new(Reasons.MigrationsNotFound, message);

    /// <summary>By number where both have digits, so that V2 comes before V10; else by character.</summary>
    private static int Compare(string left, string right)
    {
        (int i, int j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            ReadOnlySpan<char> a = Digits(left, i);
            ReadOnlySpan<char> b = Digits(right, j);
            int order = a.Length > 0 && b.Length > 0 ? CompareNumbers(a.TrimStart('0'), b.TrimStart('0')) : left[i].CompareTo(right[j]);
            if (order != 0)
            {
                return order;
            }

            i += Math.Max(1, a.Length);
            j += Math.Max(1, b.Length);
        }

        int rest = (left.Length - i).CompareTo(right.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);

    private static ReadOnlySpan<char> Digits(string text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }
}
