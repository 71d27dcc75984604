using System.Text;

namespace SchemaGate.Core.Branches;

/// <summary>Files of three trees.</summary>
public static class BranchFiles
{
    /// <summary>
    /// The files as merging the branch would leave them; null where both sides changed one that was there before, which is for git to tell
    /// and for a person to decide. Of two files by one name that both sides added, the branch's.
    /// </summary>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Merge(
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> origin,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> released,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> here)
    {
        Dictionary<string, ReadOnlyMemory<byte>> merged = new(StringComparer.Ordinal);
        foreach (string path in here.Keys.Union(released.Keys, StringComparer.Ordinal))
        {
            bool isOurs = !IsSame(path, origin, here);
            if (isOurs && origin.ContainsKey(path) && !IsSame(path, origin, released) && !IsSame(path, released, here))
            {
                return null;
            }

            if ((isOurs ? here : released).TryGetValue(path, out ReadOnlyMemory<byte> content))
            {
                merged[path] = content;
            }
        }

        return merged;
    }

    private static bool IsSame(
        string path, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> one, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> other)
    {
        bool isInOne = one.TryGetValue(path, out ReadOnlyMemory<byte> mine);
        bool isInOther = other.TryGetValue(path, out ReadOnlyMemory<byte> theirs);
        return isInOne == isInOther && (!isInOne || AreSame(mine, theirs));
    }

    /// <summary>Whether two files differ in nothing but line ends, which a checkout may change.</summary>
    internal static bool AreSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span)
        || (one.Span.Contains((byte)'\r') != other.Span.Contains((byte)'\r') && Lines(one) == Lines(other));

    private static string Lines(ReadOnlyMemory<byte> bytes) =>
        Encoding.UTF8.GetString(bytes.Span).Replace("\r\n", "\n", StringComparison.Ordinal);
}
