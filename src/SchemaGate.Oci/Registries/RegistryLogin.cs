using System.Net.Http.Headers;
using SchemaGate.Oci.Credentials;

namespace SchemaGate.Oci.Registries;

/// <summary>What one call shows a registry when that asks who is there. Nothing is sent before it asks, but for a token
/// that was made for this very repository.</summary>
internal sealed class RegistryLogin
{
    private readonly TokenIssuer issuer;
    private readonly RegistryTokens tokens;
    private readonly ImageReference image;
    private readonly RegistryCredential? credential;
    private readonly string key;

    public RegistryLogin(TokenIssuer issuer, RegistryTokens tokens, Uri root, ImageReference image, RegistryCredential? credential)
    {
        (this.issuer, this.tokens, this.image, this.credential) = (issuer, tokens, image, credential);
        key = $"{root} {tokens.Fingerprint(credential is null ? [] : [credential])}";
        Header = tokens.Find(key) is { } token ? new("Bearer", token) : null;
    }

    /// <summary>The Authorization for the registry, and for nobody else.</summary>
    public AuthenticationHeaderValue? Header { get; private set; }

    public bool IsAnonymous => credential is null;

    /// <summary>Whether, after the registry refused a request with these challenges, it is worth repeating with the new header.</summary>
    public async Task<bool> AnswerAsync(IReadOnlyList<Challenge> challenges)
    {
        var refused = Header;
        if (challenges.FirstOrDefault(challenge => challenge.Is("Bearer")) is { } bearer)
        {
            Header = credential?.Bearer ?? await TokenAsync(bearer);
            return !Equals(refused, Header);
        }

        var isBasic = challenges.Any(challenge => challenge.Is("Basic"));
        if (!isBasic && challenges.Count > 0)
        {
            throw new OciException(OciFailure.Unsupported, $"registry {image.Registry} asks for a login with "
                + $"{OciException.Quote(challenges[0].Scheme)} before {image} is read; this client knows Bearer and Basic");
        }

        Header = isBasic ? credential?.Basic : null;
        return Header is not null && !Equals(refused, Header);
    }

    private async Task<AuthenticationHeaderValue> TokenAsync(Challenge challenge)
    {
        var (token, life) = await issuer.AskAsync(challenge, credential);
        tokens.Keep(key, token, life);
        return new("Bearer", token);
    }
}
