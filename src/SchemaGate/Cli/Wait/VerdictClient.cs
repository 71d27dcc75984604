using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace SchemaGate.Cli.Wait;

/// <summary>Asks the operator for verdicts, over TLS that is always verified. What goes wrong is an answer, too: it will pass.</summary>
/// <param name="server">Its https address.</param>
/// <param name="ns">The gates' namespace.</param>
/// <param name="trust">Whom to trust, and who asks.</param>
/// <param name="time">Measures the limits.</param>
/// <param name="address">Where the server is; null asks the resolver. Its name is verified all the same.</param>
internal sealed class VerdictClient(Uri server, string ns, ServerTrust trust, TimeProvider time, IPAddress? address = null) : IDisposable
{
    /// <summary>The reasons of a verdict that did not come.</summary>
    public const string Unreachable = nameof(Unreachable);
    public const string NotTrusted = nameof(NotTrusted);
    public const string NotReady = nameof(NotReady);
    public const string NotSchemaGate = nameof(NotSchemaGate);

    private const int LongestAnswer = 64 << 10;
    private const int LongestMessage = 2048;

    private HttpClient? client;

    /// <param name="target">What is waited for.</param>
    /// <param name="limit">How long the answer may take.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<WaitAnswer> AskAsync(WaitTarget target, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource timer = new(limit, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            client ??= Connect();
            using HttpRequestMessage request = Request(target);
            using HttpResponseMessage response = await client.SendAsync(request, linked.Token);
            return Read(target, response.StatusCode, await response.Content.ReadAsByteArrayAsync(linked.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(target, Unreachable, $"{server.Authority} did not answer within {DurationText.Write(limit)}.");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return Failed(target, NotTrusted, $"{server.Authority} is not trusted by {trust.Source}: {Innermost(exception).Message}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(target, Unreachable, $"{server.Authority}: {Innermost(exception).Message}");
        }
    }

    public void Dispose() => client?.Dispose();

    private HttpClient Connect() => new(new SocketsHttpHandler
    {
        SslOptions = trust.Tls(),
        AllowAutoRedirect = false,
        UseCookies = false,
        // This runtime's proxy variables would also divert the loopback.
        UseProxy = !server.IsLoopback && address is null,
        ConnectCallback = address is null ? null : (_, cancellation) => ConnectAsync(address, server.Port, cancellation),
    })
    {
        MaxResponseContentBufferSize = LongestAnswer,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private HttpRequestMessage Request(WaitTarget target)
    {
        HttpRequestMessage request = new(HttpMethod.Get, server.ToString().TrimEnd('/') + target.Path(ns));
        if (trust.Token() is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Nothing but the answer to this very question lets anyone through: not another server's 200, not another gate's.</summary>
    private WaitAnswer Read(WaitTarget target, HttpStatusCode status, byte[] content)
    {
        if (target is WaitTarget.Operator)
        {
            return ReadReadiness(target, status, Bounded(Encoding.UTF8.GetString(content)));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement body = document.RootElement;
            string reason = body.GetProperty("reason").GetString() ?? "";
            string message = Bounded(body.GetProperty("message").GetString() ?? "");
            bool isAbout = target.IsAnsweredBy(body, ns);
            switch (status)
            {
                case HttpStatusCode.OK when isAbout && body.GetProperty("released").ValueKind == JsonValueKind.True:
                    return target.Answer(released: true, reason, message, answered: true);
                case HttpStatusCode.Locked when isAbout:
                    return target.Answer(released: false, reason, message, answered: true);
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadRequest:
                    return Failed(target, reason, message);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Whatever it is, it is no verdict.
        }

        return Failed(target, (int)status >= 500
            ? NotReady
            : NotSchemaGate, $"{server.Authority} answered {(int)status} and no verdict: is it SchemaGate's address?");
    }

    /// <summary>Its first line is <c>ok</c>, or what is missing.</summary>
    private WaitAnswer ReadReadiness(WaitTarget target, HttpStatusCode status, string content) => status switch
    {
        HttpStatusCode.OK when content.Split('\n')[0] == "ok" => target.Answer(released: true, "Ready", content, answered: true),
        HttpStatusCode.ServiceUnavailable => Failed(target, NotReady, content),
        _ => Failed(target, NotSchemaGate, $"{server.Authority} answered {(int)status}: is it SchemaGate's address?"),
    };

    /// <summary>The next question is asked over a new connection, with what the files hold then.</summary>
    private WaitAnswer Failed(WaitTarget target, string reason, string message)
    {
        client?.Dispose();
        client = null;
        return target.Answer(released: false, reason, message, answered: false);
    }

    private static string Bounded(string message) => message.Length <= LongestMessage ? message : message[..LongestMessage];

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
