using System.Net;
using System.Text.Json;
using SchemaGate.Kubernetes.Configuration;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// What the package's client lacks around a request: a deadline, a limit to what is read, another try where the server asks for it or a
/// credential is out of date.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const int MaxRepeats = 3;

    /// <summary>A server that asks for more patience than this is left to the caller.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time;
    private readonly Connections connections;
    private readonly CredentialSource credentials;
    private readonly IReadOnlyList<(string Name, string Value)> impersonation;
    private readonly Uri root;

    public ApiTransport(KubernetesConfiguration configuration, string userAgent, TimeProvider time)
    {
        this.time = time;
        root = new(configuration.Server.AbsoluteUri.TrimEnd('/') + "/");
        credentials = CredentialSource.Of(configuration, time);
        connections = new(configuration, userAgent, credentials, time);
        impersonation = Impersonation.Headers(configuration.Impersonated);
    }

    /// <summary>Sends, and reads the whole answer of at most <paramref name="maxBytes"/>.</summary>
    public Task<T> SendAsync<T>(
        ApiRequest request, Func<JsonElement, T> read, int maxBytes, TimeSpan limit, CancellationToken cancellation) =>
        SendAsync(request, body => Read(body, read), maxBytes, limit, cancellation);

    /// <inheritdoc cref="SendAsync{T}(ApiRequest, Func{JsonElement, T}, int, TimeSpan, CancellationToken)"/>
    public async Task<T> SendAsync<T>(
        ApiRequest request, Func<ReadOnlyMemory<byte>, T> read, int maxBytes, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = new Deadline(limit, time, cancellation);
        return await deadline.GuardAsync(request.ToString(), async token =>
        {
            using var response = await OpenAsync(request, token);
            await response.Content.LoadIntoBufferAsync(maxBytes, token);
            return read(await response.Content.ReadAsByteArrayAsync(token));
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

    private static T Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read)
    {
        using var json = JsonDocument.Parse(body, ModelJson.Reading);
        if (ModelJson.TextProblem(body.Span) is { } problem)
        {
            throw new JsonException(problem);
        }

        return json.RootElement.ValueKind == JsonValueKind.Object
            ? read(json.RootElement)
            : throw new JsonException("the answer is no object");
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

    private ValueTask<Credential> CredentialAsync(Credential? refused, CancellationToken cancellation) =>
        root.Scheme == Uri.UriSchemeHttps ? credentials.GetAsync(refused, cancellation) : new(Credential.None);

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, Credential credential, CancellationToken cancellation)
    {
        using var message = request.ToMessage(root);
        foreach (var (name, value) in impersonation)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return await connections.For(credential.Certificate).SendAsync(message, cancellation);
    }
}
