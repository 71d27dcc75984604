using System.Globalization;
using System.Net.Http.Headers;
using SchemaGate.Core.Gates.Notifying;
using SchemaGate.Oci;

namespace SchemaGate.Notifying;

/// <summary>What became of one request.</summary>
/// <param name="Message">Why it failed, in a sentence that holds nothing of the address or of the answer; empty where it did not.</param>
/// <param name="RetryAfter">What the receiver asks for.</param>
internal sealed record ReceiverAnswer(NotifyResult Result, string Message = "", TimeSpan? RetryAfter = null);

/// <summary>
/// Sends an event to a receiver, once: over HTTPS, to no closed address, following no redirect, reading no more of the answer than its
/// head, in ten seconds. Whether it is sent again is another's decision.
/// </summary>
/// <param name="allowed">The hosts that may be told; empty for every host.</param>
/// <param name="time">Signs and measures.</param>
internal sealed class WebhookSender(IReadOnlyCollection<string> allowed, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="receiver">Where to, and with which keys.</param>
    /// <param name="id">The event's.</param>
    /// <param name="body">The event.</param>
    /// <param name="cancellation">Ends the request; whether it arrived is not known then.</param>
    public async Task<ReceiverAnswer> SendAsync(Receiver receiver, string id, byte[] body, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            RegistryOptions options = new(allowed, receiver.AuthoritiesPem);
            if (!options.Allows(receiver.Url))
            {
                return new(NotifyResult.Refused, "The operator may not connect to its host (--allow-receiver).");
            }

            using HttpClient http = new(options.GuardedHandler()) { Timeout = Timeout.InfiniteTimeSpan };
            using HttpRequestMessage request = Request(receiver, id, body);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return Answer(response);
        }
        catch (OciException exception)
        {
            return new(NotifyResult.Refused, $"Its certificates cannot be trusted: {exception.Message}.");
        }
        catch (HttpRequestException fault)
        {
            return Fault(fault);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(NotifyResult.Failed, string.Create(
                CultureInfo.InvariantCulture, $"It did not answer within {Patience.TotalSeconds} s."));
        }
    }

    private HttpRequestMessage Request(Receiver receiver, string id, byte[] body)
    {
        DateTimeOffset now = time.GetUtcNow();
        HttpRequestMessage request = new(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(OpenedEvent.ContentType) { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd($"schemagate/{ProductVersion.Text}");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", receiver.Keys.Sign(id, now, body));
        return request;
    }

    private ReceiverAnswer Answer(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => new(NotifyResult.Told),
        >= 300 and < 400 and var status => new(
            NotifyResult.Refused, $"It answers with a redirect ({status}), which is not followed: name the address that it leads to."),
        410 => new(NotifyResult.Refused, "It wants no more events (410 Gone)."),
        408 or 425 or 429 or >= 500 => new(NotifyResult.Failed, $"It answers {(int)response.StatusCode}.", After(response.Headers)),
        var status => new(NotifyResult.Refused, $"It answers {status}, which no repetition mends."),
    };

    private TimeSpan? After(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private static ReceiverAnswer Fault(HttpRequestException fault) => fault switch
    {
        { InnerException: OciException refusal } => new(NotifyResult.Refused, $"It is not connected to: {refusal.Message}."),
        { HttpRequestError: HttpRequestError.NameResolutionError } => new(NotifyResult.Failed, "Its name is not one that DNS knows here."),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
            NotifyResult.Failed, "It does not offer a TLS connection that is trusted: name its authority in spec.notify.authoritiesFrom."),
        { HttpRequestError: HttpRequestError.ConnectionError } => new(NotifyResult.Failed, "It does not accept connections."),
        _ => new(NotifyResult.Failed, "It broke off, or did not answer in HTTP."),
    };
}

/// <summary>Who is told, with what its Secrets hold.</summary>
/// <param name="AuthoritiesPem">Certificates that are trusted beside the system's; null for none.</param>
internal sealed record Receiver(Uri Url, SigningKeys Keys, string? AuthoritiesPem);
