using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Kubernetes.Http;

/// <summary>Sends one request within a deadline and turns every failure into a <see cref="KubernetesException"/>.</summary>
internal sealed class ApiTransport(KubernetesConfiguration configuration, string userAgent, TimeProvider time) : IDisposable
{
    private const int MaxStatusBytes = 1 << 20;
    private const int MaxTokenBytes = 64 << 10;

    private readonly HttpMessageInvoker invoker = new(ConnectionHandler.Create(configuration));
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

    /// <summary>Sends, and answers once a successful response's headers are there. Call it under a <see cref="Deadline"/>.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(root, request.PathAndQuery))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new("application/json"));
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        message.Headers.Host = configuration.TlsServerName;
        Authorize(message);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new(request.ContentType);
        }

        var response = await invoker.SendAsync(message, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw StatusReading.ToException(request, response.StatusCode, await TryReadAsync(response, cancellation));
        }
    }

    public void Dispose() => invoker.Dispose();

    // As kubectl does: no credential goes over a connection that is not encrypted.
    private void Authorize(HttpRequestMessage message)
    {
        if (root.Scheme != Uri.UriSchemeHttps)
        {
            return;
        }

        var token = (configuration.TokenFile is { } file ? BoundedFile.ReadText(file, MaxTokenBytes) : configuration.Token)?.Trim();
        if (token?.Any(sign => sign is < '!' or > '~') == true)
        {
            throw YamlFile.Invalid($"{configuration.TokenFile ?? "the kubeconfig's token"} holds characters that no token has");
        }

        if (!string.IsNullOrEmpty(token))
        {
            message.Headers.Authorization = new("Bearer", token);
        }
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
