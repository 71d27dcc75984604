using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Notifying;

/// <summary>
/// The keys that sign what is sent, as Standard Webhooks has it (https://www.standardwebhooks.com, HMAC-SHA256). Each signs, so that a
/// receiver may know either of two while one is replaced.
/// </summary>
internal sealed class SigningKeys
{
    private const string Prefix = "whsec_";
    private const int Most = 4;
    private const int Shortest = 24;
    private const int Longest = 64;

    private readonly IReadOnlyList<byte[]> keys;

    private SigningKeys(IReadOnlyList<byte[]> keys) => this.keys = keys;

    /// <param name="text">One key in a line: <c>whsec_</c> and 24 to 64 bytes in base64.</param>
    /// <param name="problem">What is wrong, as the end of a sentence that quotes nothing of it.</param>
    public static SigningKeys? Parse(string text, out string problem)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        byte[]?[] read = [.. lines.Take(Most).Select(Key)];
        problem = lines.Length switch
        {
            0 => "holds no key",
            > Most => $"holds more than {Most} keys",
            _ when Array.Exists(read, key => key is null) =>
                $"holds a line that is no key: write {Prefix} and {Shortest} to {Longest} bytes in base64",
            _ => "",
        };
        return problem.Length == 0 ? new([.. read.OfType<byte[]>()]) : null;
    }

    /// <returns>The header <c>webhook-signature</c>.</returns>
    public string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.");
        byte[] signed = [.. Encoding.UTF8.GetBytes(head), .. body];
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    private static byte[]? Key(string line)
    {
        byte[] key = new byte[Longest];
        return line.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(line[Prefix.Length..], key, out int length) && length >= Shortest ? key[..length] : null;
    }
}
