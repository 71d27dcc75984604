using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Oci.Credentials;

/// <summary>Reads a docker config JSON (docker/cli, cli/config/types/authconfig.go). No sentence quotes anything of it.</summary>
internal static class DockerConfig
{
    /// <summary>Kubernetes keeps no larger Secret.</summary>
    private const int LongestText = 1 << 20;

    public static bool TryRead(
        string text, [NotNullWhen(true)] out RegistryCredentials? credentials, [NotNullWhen(false)] out string? problem)
    {
        credentials = null;
        var auths = Parse(text, out problem);
        if (auths is null)
        {
            problem ??= """the registry credentials have no "auths"; write {"auths":{"registry.example.com":{"auth":"…"}}}""";
            return false;
        }

        var entries = new List<(HostPattern, RegistryCredential)>();
        foreach (var (number, (key, entry)) in auths.Index())
        {
            if (!TryRead(entry ?? new DockerLogin(), out var credential, out var fault))
            {
                problem = $"entry {number + 1} of the registry credentials {fault}";
                return false;
            }

            // Where a credential helper has the login, the entry is empty.
            if (credential is not null)
            {
                entries.Add((HostPattern.Parse(key), credential));
            }
        }

        credentials = new RegistryCredentials(entries);
        problem = null;
        return true;
    }

    private static Dictionary<string, DockerLogin?>? Parse(string text, out string? problem)
    {
        problem = text.Length > LongestText
            ? $"the registry credentials have {text.Length} characters; at most {LongestText} are read"
            : null;
        try
        {
            return problem is null ? JsonSerializer.Deserialize(text, DockerConfigJson.Default.DockerConfigFile)?.Auths : null;
        }
        catch (JsonException fault)
        {
            problem = $"the registry credentials are not the JSON of a docker config (line {fault.LineNumber + 1}); "
                + "make them with a registry login";
            return null;
        }
    }

    private static bool TryRead(DockerLogin login, out RegistryCredential? credential, [NotNullWhen(false)] out string? fault)
    {
        var (username, password) = (login.Username ?? "", login.Password ?? "");
        var (identity, registry) = (login.IdentityToken ?? "", login.RegistryToken ?? "");
        (credential, fault) = (null, null);
        if (!string.IsNullOrEmpty(login.Auth))
        {
            if (Decode(login.Auth) is not { } decoded)
            {
                fault = """has an "auth" that is not the base64 of user:password; write it again""";
                return false;
            }

            (username, password) = decoded;
        }

        // Else it could end its header and begin another.
        if (registry.Any(letter => letter is <= ' ' or > '~'))
        {
            fault = """has a "registrytoken" with characters that no token has; write it again""";
            return false;
        }

        credential = username.Length + identity.Length + registry.Length == 0 ? null
            : new RegistryCredential(username, password, identity, registry);
        return true;
    }

    private static (string User, string Password)? Decode(string auth)
    {
        // Some writers leave out the padding.
        var digits = auth.TrimEnd('=');
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '='), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..].TrimEnd('\0'));
    }
}

internal sealed class DockerConfigFile
{
    public Dictionary<string, DockerLogin?>? Auths { get; init; }
}

internal sealed class DockerLogin
{
    public string? Auth { get; init; }
    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? IdentityToken { get; init; }
    public string? RegistryToken { get; init; }
}

/// <summary>Keys are compared without case, as Go does, in which the format was defined.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(DockerConfigFile))]
internal sealed partial class DockerConfigJson : JsonSerializerContext;
