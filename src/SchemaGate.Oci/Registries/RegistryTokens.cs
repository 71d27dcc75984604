using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SchemaGate.Oci.Credentials;

namespace SchemaGate.Oci.Registries;

/// <summary>Tokens by repository and by who asked for them, until shortly before they expire.</summary>
internal sealed class RegistryTokens(TimeProvider time)
{
    /// <summary>More repositories than one process reads in the minutes that tokens live.</summary>
    private const int Kept = 1000;

    /// <summary>What a token service says of itself is believed for no longer.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    // Without the salt a fingerprint of a weak password would be as good as the password.
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> tokens = new(StringComparer.Ordinal);

    /// <summary>A text that is equal for equal logins, means nothing in another process and gives nothing away; empty for none.</summary>
    public string Fingerprint(params IReadOnlyList<RegistryCredential> credentials) => credentials.Count == 0 ? ""
        : Convert.ToHexStringLower(
            HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(string.Join('|', credentials.Select(one => one.Canonical)))));

    public string? Find(string key) =>
        tokens.TryGetValue(key, out var known) && time.GetUtcNow() < known.Until ? known.Token : null;

    public void Keep(string key, string token, TimeSpan life)
    {
        if (tokens.Count >= Kept)
        {
            // Each can be had again.
            tokens.Clear();
        }

        // A token that expires on its way costs a request.
        tokens[key] = (token, time.GetUtcNow() + 0.9 * (life < LongestLife ? life : LongestLife));
    }
}
