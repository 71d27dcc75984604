using System.Net.Http.Headers;
using System.Text;

namespace SchemaGate.Oci.Credentials;

/// <summary>One login. Not a record: those print their members.</summary>
internal sealed class RegistryCredential(string username, string password, string identityToken, string registryToken)
{
    /// <summary>An OAuth 2 refresh token, for the registry's token service; empty for none.</summary>
    public string IdentityToken => identityToken;

    /// <summary>What is sent to the registry itself instead of a token from its service; null for none.</summary>
    public AuthenticationHeaderValue? Bearer => registryToken.Length > 0 ? new("Bearer", registryToken) : null;

    /// <summary>User name and password for the registry or its token service (RFC 7617, in UTF-8); null for none.</summary>
    public AuthenticationHeaderValue? Basic => username.Length == 0 ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}")));

    /// <summary>Everything that tells two logins apart. A secret.</summary>
    public string Canonical => string.Concat(
        ((string[])[username, password, identityToken, registryToken]).Select(part => $"{part.Length}:{part}"));
}
