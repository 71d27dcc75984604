using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaGate.Notifying;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Notifying;

/// <summary>A receiver with TLS and an authority of its own, that keeps what it is sent and answers as it is told.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    public static readonly KeyPair Authority = KeyPair.NewAuthority(DateTimeOffset.UtcNow, TimeSpan.FromDays(1));

    private readonly WebApplication application;

    private HookReceiver(string name)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        KeyPair serving = Authority.NewServing(new([name]), DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, at => at.UseHttps(serving.Certificate)));
        application = builder.Build();
        application.Run(TakeAsync);
    }

    /// <summary>Answers; null: 204.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    public ConcurrentQueue<Delivery> Taken { get; } = new();

    public Uri Url => new($"https://127.0.0.1:{new Uri(application.Urls.Single()).Port}/hook?token=pl4nted");

    /// <param name="name">Whom its certificate is for.</param>
    public static async Task<HookReceiver> StartAsync(string name = "127.0.0.1")
    {
        HookReceiver receiver = new(name);
        await receiver.application.StartAsync();
        return receiver;
    }

    public Receiver Told(string keys, bool trusts = true) =>
        new(Url, SigningKeys.Parse(keys, out _)!, trusts ? Authority.CertificatePem : null);

    public static string NewKey() => $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        Taken.Enqueue(new(
            context.Request.Method, context.Request.ContentType ?? "", Header("webhook-id"), Header("webhook-timestamp"),
            Header("webhook-signature"), body.ToArray()));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        await (Answer?.Invoke(context) ?? Task.CompletedTask);

        string Header(string name) => context.Request.Headers[name].ToString();
    }
}

/// <summary>One request as it came.</summary>
internal sealed record Delivery(string Method, string ContentType, string Id, string Timestamp, string Signature, byte[] Body)
{
    /// <summary>Whether one of its signatures is of this key, reckoned as Standard Webhooks describes it.</summary>
    public bool IsSignedBy(string key)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        string expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key["whsec_".Length..]), signed));
        return Signature.Split(' ').Contains($"v1,{expected}", StringComparer.Ordinal)
            && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(Timestamp, CultureInfo.InvariantCulture)) < 60;
    }
}
