using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Sends one request within a deadline and turns every failure into a <see cref="KubernetesException"/>.</summary>
internal sealed class ApiTransport(KubernetesConfiguration configuration, string userAgent, TimeProvider time) : IDisposable
{
    private const int MaxStatusBytes = 1 << 20;
    private const int MaxRepeats = 3;

    /// <summary>A server that asks for more patience than this is left to the caller.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Connections connections = new(configuration, time);
    private readonly CredentialSource credentials = CredentialSource.Of(configuration, time);
    private readonly IReadOnlyList<(string Name, string Value)> impersonation = Impersonation.Headers(configuration.Impersonated);
    private readonly Uri root = new(configuration.Server.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>Sends, and reads the whole answer of at most <paramref name="maxBytes"/>.</summary>
    public async Task<T> SendAsync<T>(
        ApiRequest request, JsonTypeInfo<T> json, int maxBytes, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = new Deadline(limit, time, cancellation);
        return await deadline.GuardAsync(request.ToString(), async token =>
        {
            using var response = await OpenAsync(request, token);
            var body = await ReadAsync(response, maxBytes, token);
            return JsonSerializer.Deserialize(body, json) ?? throw new JsonException("the answer is null");
        });
    }

    /// <summary>
    /// Sends, and answers once a successful response's headers are there. Call it under a <see cref="Deadline"/>.
    /// Sent again, a few times, is what the server asks to send again soon: anything after 429, which means that nothing was done,
    /// and reads after any fault of its own.
    /// </summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellation)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await AuthorizedAsync(request, cancellation);
            }
            catch (KubernetesException e) when (repeats < MaxRepeats && e.RetryAfter <= LongestPause
                && (e.HttpStatus == HttpStatusCode.TooManyRequests || request.Method == HttpMethod.Get))
            {
                await Task.Delay(e.RetryAfter.Value, time, cancellation);
            }
        }
    }

    public void Dispose()
    {
        connections.Dispose();
        credentials.Dispose();
    }

    // A credential that the server no longer knows may only be out of date: one that was read anew is tried once.
    private async Task<HttpResponseMessage> AuthorizedAsync(ApiRequest request, CancellationToken cancellation)
    {
        var credential = await CredentialAsync(null, cancellation);
        try
        {
            return await SendOnceAsync(request, credential, cancellation);
        }
        catch (KubernetesException e) when (e.HttpStatus == HttpStatusCode.Unauthorized)
        {
            var renewed = await CredentialAsync(credential, cancellation);
            if (renewed.IsSameAs(credential))
            {
                throw;
            }

            return await SendOnceAsync(request, renewed, cancellation);
        }
    }

    // As kubectl does: no credential goes over a connection that is not encrypted.
    private ValueTask<Credential> CredentialAsync(Credential? refused, CancellationToken cancellation) =>
        root.Scheme == Uri.UriSchemeHttps ? credentials.GetAsync(refused, cancellation) : new(Credential.None);

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, Credential credential, CancellationToken cancellation)
    {
        using var message = Message(request, credential);
        var response = await connections.For(credential).SendAsync(message, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw StatusReading.ToException(request, response, await TryReadAsync(response, cancellation), time.GetUtcNow());
        }
    }

    private HttpRequestMessage Message(ApiRequest request, Credential credential)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(root, request.PathAndQuery))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new("application/json"));
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        message.Headers.Host = configuration.TlsServerName;
        message.Headers.Authorization = credential.Token is { } token ? new("Bearer", token) : null;
        foreach (var (name, value) in impersonation)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new(request.ContentType);
        }

        return message;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        await response.Content.LoadIntoBufferAsync(maxBytes, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    // An error whose body cannot be read is still an error, and its status code says which.
    private static async Task<byte[]> TryReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(response, MaxStatusBytes, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }
}

/// <summary>One request; <see cref="ToString"/> names it without its query, for messages.</summary>
internal sealed record ApiRequest(
    HttpMethod Method, string Path, string Query = "", byte[]? Body = null, string ContentType = "application/json")
{
    public string PathAndQuery => Path + Query;

    public override string ToString() => $"{Method} /{Path}";
}
