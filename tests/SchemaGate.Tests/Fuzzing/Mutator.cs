using System.Text;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>Damages what somebody may have written: the same random numbers, the same damage.</summary>
internal sealed class Mutator(Random random)
{
    private const int Longest = 64 << 10;

    /// <summary>What means something to one of the readers.</summary>
    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "null", "true", "-1", "0", "1e999", "9223372036854775808", "3000000000", "\"\"", "[]", "{}", "\\ud800", "\\u0000", "\u202e",
            "\r\n", "\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:60Z\"", "é", "\x01", "\0", ",", ":", "\"", "=", "@", "/", "..", "*",
            "&a", "---\n", "<<: *m\n", "$patch", "schemagate.dev/gated", "schemagate.dev/requires", "\"metadata\":null", "\"spec\":null,",
            "\"deletionTimestamp\":\"2026-01-02T03:04:05Z\",", "sha256:", "%00", "%zz", "\ufeff", "'", "$$", "/*", ";", "```", "### ",
            "- **Status:** ", ".wh.", ".wh..wh..opq", "\"layers\":[null]", "D\0\0\0\x04",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0x1f, 0x8b], [0xc0, 0x80], [0xed, 0xa0, 0x80],
    ];

    public byte[] Damaged(byte[] content, IReadOnlyList<byte[]> others)
    {
        List<byte> damaged = [.. content];
        for (int blows = random.Next(1, 5); blows > 0; blows--)
        {
            Strike(damaged, others);
        }

        return damaged.Count <= Longest ? [.. damaged] : [.. damaged.Take(Longest)];
    }

    /// <summary>A text as JSON brings it: what is no UTF-8 is replaced.</summary>
    public static string Text(byte[] content) => Encoding.UTF8.GetString(content);

    private void Strike(List<byte> content, IReadOnlyList<byte[]> others)
    {
        int at = random.Next(content.Count + 1);
        int length = random.Next(Math.Min(content.Count - at, 1 << random.Next(8)) + 1);
        switch (random.Next(8))
        {
            case 0 when at < content.Count:
                content[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                content.RemoveRange(at, length);
                break;
            case 2:
                content.InsertRange(at, content.GetRange(at, length));
                break;
            case 3:
                content.RemoveRange(at, length);
                content.InsertRange(at, s_words[random.Next(s_words.Length)]);
                break;
            case 4:
                byte[] other = others[random.Next(others.Count)];
                int from = random.Next(other.Length + 1);
                content.InsertRange(at, other.AsSpan(from, random.Next(Math.Min(other.Length - from, 200) + 1)).ToArray());
                break;
            case 5:
                Repeat(content, at);
                break;
            case 6:
                Replace(content);
                break;
            default:
                content.InsertRange(at, s_words[random.Next(s_words.Length)]);
                break;
        }
    }

    /// <summary>Deep, or long.</summary>
    private void Repeat(List<byte> content, int at)
    {
        string unit = ((string[])["[", "{\"a\":", "(", "a", "\n", "> ", "- ", "/", "*", "0", "/*"])[random.Next(11)];
        content.InsertRange(at, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(unit, 1 << random.Next(13)))));
    }

    /// <summary>A JSON value of another kind in the place of one.</summary>
    private void Replace(List<byte> content)
    {
        List<int> colons = [.. content.Index().Where(item => item.Item == (byte)':').Select(item => item.Index)];
        if (colons.Count > 0)
        {
            int from = colons[random.Next(colons.Count)] + 1;
            int end = content.FindIndex(from, item => item is (byte)',' or (byte)'}' or (byte)'\n');
            content.RemoveRange(from, Math.Max(0, (end < 0 ? content.Count : end) - from));
            content.InsertRange(from, s_words[random.Next(10)]);
        }
    }
}
