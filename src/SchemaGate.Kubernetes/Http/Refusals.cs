namespace SchemaGate.Kubernetes.Http;

/// <summary>
/// Turns an answer that is not success into our exception, before the package makes one of its own: that one is unbounded and holds the
/// request's and the answer's whole body.
/// </summary>
internal sealed class Refusals(TimeProvider time) : DelegatingHandler
{
    private const int MaxStatusBytes = 1 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        var response = await base.SendAsync(message, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw StatusReading.ToException(ApiRequest.Of(message), response, await TryReadAsync(response, cancellation), time.GetUtcNow());
        }
    }

    // An error whose body cannot be read is still an error, and its status code says which.
    private static async Task<byte[]> TryReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxStatusBytes, cancellation);
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }
}
