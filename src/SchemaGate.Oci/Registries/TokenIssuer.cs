using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaGate.Oci.Credentials;

namespace SchemaGate.Oci.Registries;

/// <summary>Asks the service that a registry names for a token to read one repository (distribution, "Token Authentication
/// Specification" and "Oauth2 Token Authentication").</summary>
internal sealed class TokenIssuer(RequestSender sender, RegistryLimits limits, ImageReference image, Uri registry)
{
    // A service that states no lifetime means this one.
    private const int DefaultSeconds = 60;

    /// <exception cref="OciException">The service is not where a password may go, or gives no token.</exception>
    public async Task<(string Token, TimeSpan Life)> AskAsync(Challenge challenge, RegistryCredential? credential)
    {
        var realm = Realm(challenge);
        // Asked for is what is needed, whatever else the registry suggests.
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal) { ["scope"] = $"repository:{image.Repository}:pull" };
        if (challenge.Parameters.TryGetValue("service", out var service))
        {
            wanted["service"] = service;
        }

        using var response = await sender.SendAsync(realm, "token service", () => Request(realm, wanted, credential));
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Parse(await sender.ReadAsync(response, limits.TokenBytes + 1)),
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                throw Fault(OciFailure.Denied, credential is null
                ? $"its token service lets nobody read it without a login ({(int)response.StatusCode}); "
                    + $"give credentials for {image.Registry}"
                : $"its token service does not accept the credentials given for {image.Registry} ({(int)response.StatusCode}); renew them"),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                throw Fault(OciFailure.Unreachable, $"its token service failed ({(int)response.StatusCode}); ask later"),
            // Also redirects: a password is sent to the address that the registry named, and no further.
            _ => throw Fault(OciFailure.Invalid, $"its token service answered {(int)response.StatusCode}; mend the registry"),
        };
    }

    private static HttpRequestMessage Request(Uri realm, Dictionary<string, string> wanted, RegistryCredential? credential)
    {
        if (credential?.IdentityToken is { Length: > 0 } identity)
        {
            return new HttpRequestMessage(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent(
                    [.. wanted, new("grant_type", "refresh_token"), new("client_id", "schemagate"), new("refresh_token", identity)]),
            };
        }

        var query = string.Join('&', wanted.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query}&{query}" : query }.Uri;
        return new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = credential?.Basic } };
    }

    private Uri Realm(Challenge challenge)
    {
        if (!Uri.TryCreate(challenge.Parameters.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            || realm.Scheme is not ("https" or "http") || realm.UserInfo.Length > 0)
        {
            throw Fault(OciFailure.Invalid, "it names a token service that is no address; mend the registry");
        }

        var isPermitted = realm.Scheme == "https" || (registry.Scheme == "http" && registry.Host == realm.Host);
        return isPermitted
            ? realm
            : throw Fault(OciFailure.Denied, $"its token service {realm.Authority} is on plain HTTP, to which no login is sent; "
            + "give the token service TLS");
    }

    private (string Token, TimeSpan Life) Parse(byte[] body)
    {
        try
        {
            var answer = body.Length <= limits.TokenBytes ? JsonSerializer.Deserialize(body, TokenJson.Default.TokenAnswer) : null;
            // Both names are in use; services that send both send the same.
            var token = string.IsNullOrEmpty(answer?.Token) ? answer?.AccessToken : answer.Token;
            if (!string.IsNullOrEmpty(token) && token.All(letter => letter is > ' ' and <= '~'))
            {
                return (token, TimeSpan.FromSeconds(answer!.ExpiresIn is > 0 and < 1 << 30 ? answer.ExpiresIn.Value : DefaultSeconds));
            }
        }
        catch (JsonException)
        {
            // Its words may quote the token.
        }

        throw Fault(OciFailure.Invalid, "its token service sent no token that can be used; mend the registry");
    }

    private OciException Fault(OciFailure kind, string what) => new(kind, $"{image} cannot be read from registry {image.Registry}: {what}");
}

internal sealed class TokenAnswer
{
    public string? Token { get; init; }
    public string? AccessToken { get; init; }
    public long? ExpiresIn { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
