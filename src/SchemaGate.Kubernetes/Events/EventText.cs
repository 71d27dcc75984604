using System.Globalization;
using System.Text;

namespace SchemaGate.Kubernetes.Events;

/// <summary>The server's limits for an event's texts.</summary>
internal static class EventText
{
    private const int MaxNameLength = 253;
    private const string Ellipsis = "…";

    /// <summary>The text in at most so many bytes of UTF-8, cut between two characters.</summary>
    public static string Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var (length, bytes) = (0, Encoding.UTF8.GetByteCount(Ellipsis));
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length] + Ellipsis;
    }

    /// <summary><c>name.17d3f…</c>, as client-go names events; a DNS subdomain like the object's own name.</summary>
    public static string Name(string name, long stamp)
    {
        var ending = string.Create(CultureInfo.InvariantCulture, $".{stamp:x}");
        var room = MaxNameLength - ending.Length;
        return (name.Length <= room ? name : name[..room].TrimEnd('.', '-')) + ending;
    }
}
