using System.Net;

namespace SchemaGate.Oci.Registries;

/// <summary>Sends the requests of one call: only to allowed hosts, a few times, and with words for what goes wrong.</summary>
internal sealed class RequestSender(
    HttpClient http, RegistryLimits limits, AllowedHosts allowed, Patience patience, ImageReference image)
{
    /// <param name="address">Where to.</param>
    /// <param name="role">What is there, for messages: <c>registry</c>, <c>token service</c>.</param>
    /// <param name="make">Makes the request; called again for each repetition.</param>
    public async Task<HttpResponseMessage> SendAsync(Uri address, string role, Func<HttpRequestMessage> make)
    {
        if (!allowed.Allows(address))
        {
            throw new OciException(OciFailure.Denied, $"{image} cannot be read: {address.Authority}, its {role}, is not among the allowed "
                + $"hosts; allow {address.Authority}, or use a registry that is allowed");
        }

        for (var attempt = 0; ; attempt++)
        {
            var delay = limits.Backoff * (1 << attempt);
            try
            {
                using var request = make();
                request.Headers.UserAgent.ParseAdd("schemagate");
                var response = await patience.SendAsync(http, request);
                delay = RetryAfter(response) ?? delay;
                if (attempt == limits.Retries || !IsPassing(response.StatusCode) || delay > limits.RetryAfter)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException fault) when (attempt == limits.Retries || !IsPassing(fault))
            {
                throw Unreachable(address, fault);
            }
            catch (HttpRequestException)
            {
                // Repeated below.
            }

            await patience.DelayAsync(delay);
        }
    }

    /// <summary>Reads a body to its end, or a buffer past what is enough.</summary>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, int enough)
    {
        using var content = new MemoryStream();
        await ReadAsync(response, enough, content.Write);
        return content.ToArray();
    }

    /// <summary>A body's bytes as they come, until there are enough.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> ReadAsync(HttpResponseMessage response, int enough, Action<ReadOnlySpan<byte>> take)
    {
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var buffer = new byte[16 * 1024];
        long taken = 0;
        int got;
        while (taken < enough && (got = await patience.ReadAsync(body, buffer)) > 0)
        {
            take(buffer.AsSpan(0, got));
            taken += got;
        }

        return taken;
    }

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static bool IsPassing(HttpRequestException fault) => fault.InnerException is not OciException
        && (fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded
            // A connection that was reset.
            || fault is { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException });

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delay } => delay,
            { Date: { } date } => patience.Until(date),
            _ => (TimeSpan?)null,
        };
        return asked < TimeSpan.Zero ? null : asked;
    }

    private OciException Unreachable(Uri address, HttpRequestException fault)
    {
        var asked = $"{image} cannot be read: {address.Authority}";
        return fault switch
        {
            { InnerException: OciException refusal } =>
                new(refusal.Kind, $"{asked} is refused: {refusal.Message}; name a registry elsewhere"),
            { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new(OciFailure.Unreachable, $"{asked} is not a name that DNS knows here", fault),
            { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                new(OciFailure.Unreachable, $"{asked} does not offer a trusted TLS connection; trust its certificate's authority, "
                    + "or ask for plain HTTP if that is what it speaks", fault),
            { HttpRequestError: HttpRequestError.ConnectionError } =>
                new(OciFailure.Unreachable, $"{asked} does not accept connections", fault),
            _ => new(OciFailure.Unreachable, $"{asked} broke off or did not answer in HTTP", fault),
        };
    }
}
