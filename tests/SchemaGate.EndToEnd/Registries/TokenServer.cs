using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>Issues the tokens that a docker-registry believes (distribution, "Token Authentication Implementation"): to a writer
/// what it asks for, to a reader and in public/ to everyone the right to pull.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    public const string Issuer = "schemagate-tests", Audience = "registry";

    private readonly PrivateAuthority authority;
    private readonly WebApplication application;

    private TokenServer(PrivateAuthority authority)
    {
        this.authority = authority;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.Server)));
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    public string Realm => $"{application.Urls.Single()}/token";

    public static async Task<TokenServer> StartAsync(PrivateAuthority authority)
    {
        var server = new TokenServer(authority);
        await server.application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        // An identity token comes in a form, a password in the header.
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
        var user = form.TryGetValue("refresh_token", out var identity)
            ? identity.ToString()
            : User(context.Request.Headers.Authorization.ToString());
        var scope = (form.TryGetValue("scope", out var given) ? given : context.Request.Query["scope"]).ToString().Split(':');
        if (user is not ("writer" or "reader" or "identity" or null))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        string[] actions = user == "writer" ? scope.Last().Split(',')
            : user is not null || scope is [_, var name, _] && name.StartsWith("public/", StringComparison.Ordinal) ? ["pull"] : [];
        await context.Response.WriteAsync($$"""{"token":"{{Token(scope.ElementAtOrDefault(1) ?? "", actions)}}","expires_in":300}""");
    }

    /// <summary>Null for nobody; for a wrong password a name that nobody has.</summary>
    private static string? User(string authorization) => authorization.Length == 0 ? null
        : Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..])).Split(':') is [var name, "password"]
            ? name
            : "stranger";

    private string Token(string repository, string[] actions)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = Part(new { typ = "JWT", alg = "ES256", x5c = new[] { Convert.ToBase64String(authority.Certificate.RawData) } });
        var claims = Part(new
        {
            iss = Issuer,
            aud = Audience,
            sub = "",
            jti = Guid.NewGuid(),
            iat = now,
            nbf = now - 60,
            exp = now + 300,
            access = new[] { new { type = "repository", name = repository, actions } },
        });
        return $"{header}.{claims}.{Base64Url.EncodeToString(authority.Sign(Encoding.ASCII.GetBytes($"{header}.{claims}")))}";
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
