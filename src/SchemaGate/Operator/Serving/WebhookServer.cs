using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// Serves admission and verdicts over TLS; health over TLS and, for the kubelet, over plain HTTP; metrics over plain HTTP, and
/// pages of gates, each on a port of their own.
/// </summary>
internal static class WebhookServer
{
    /// <summary>Nobody but the API server sends anything that is read; what it sends has a limit of its own.</summary>
    private const int LongestBody = 64 << 10;

    /// <summary>Who asks for a verdict, and as many for a rollout; the API server's reviews have a bound of their own.</summary>
    private const int MostAskers = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="options">Where to listen.</param>
    /// <param name="certificate">Looked at for every new connection.</param>
    /// <param name="time">Measures connections.</param>
    public static WebApplication Create(OperatorOptions options, ServedCertificate certificate, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        }).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSingleton(new ReviewConnections(time));
        StrangerConnections strangers = new();
        builder.Services.AddSingleton(strangers);
        OtlpExport.AddTo(builder.Services, builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Limits.RequestHeadersTimeout = Patience;
            kestrel.Listen(options.Listen, listen =>
            {
                // An HTTP/2 connection to a process that hangs would be used again and again.
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => strangers.RunAsync(connection, next));
                UseTls(listen, certificate);
            });
            foreach (IPEndPoint other in ((IPEndPoint?[])[options.HealthListen, options.MetricsListen, options.PagesListen])
                .OfType<IPEndPoint>())
            {
                // Whoever reaches the port is a stranger to it, the kubelet and Prometheus included.
                StrangerConnections askers = new();
                kestrel.Listen(other, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(next => connection => askers.RunAsync(connection, next));
                    if (other.Equals(options.PagesListen) && !options.ArePagesPlain)
                    {
                        UseTls(listen, certificate);
                    }
                });
            }
        });
        return builder.Build();
    }

    /// <summary>Pages on their own port, and nothing else there; they are nowhere else.</summary>
    /// <param name="app">The server.</param>
    /// <param name="listen">That port; null: none.</param>
    /// <param name="ready">Incomplete caches show nothing.</param>
    /// <param name="pages">Answers.</param>
    public static void MapPages(WebApplication app, IPEndPoint? listen, Readiness ready, PagesEndpoint pages)
    {
        if (listen is not null)
        {
            app.MapWhen(
                context => context.Connection.LocalPort == listen.Port,
                branch => branch.Run(context => pages.AnswerAsync(context, ready)));
        }
    }

    /// <summary>Metrics on their own port, and nothing else there; they are nobody else's.</summary>
    /// <param name="app">The server.</param>
    /// <param name="listen">That port; null: none.</param>
    public static void MapMetrics(WebApplication app, IPEndPoint? listen)
    {
        app.Use(async (context, next) =>
        {
            // Routes are matched without regard to case and to a slash at the end.
            bool isMetrics = context.Request.Path.StartsWithSegments(MetricsExport.Path, StringComparison.OrdinalIgnoreCase);
            if ((context.Connection.LocalPort == listen?.Port) == isMetrics)
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        if (listen is not null)
        {
            MetricsExport.Map(app);
        }
    }

    /// <param name="app">The server.</param>
    /// <param name="ready">Incomplete caches answer nothing.</param>
    /// <param name="reviews">Answers the API server.</param>
    /// <param name="verdicts">Answers who waits for a release.</param>
    /// <param name="rollouts">Answers who waits for a rollout.</param>
    public static void Map(
        WebApplication app, Readiness ready, ReviewEndpoint reviews, VerdictEndpoint verdicts, RolloutEndpoint rollouts)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.IsHttps || context.Request.Path.Value is "/healthz" or "/readyz" or MetricsExport.Path)
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok"));
        app.MapGet("/readyz", context => AnswerReadyAsync(context, ready));
        app.MapPost(ReviewEndpoint.Path, reviews.AnswerAsync);
        app.MapPost(ReviewEndpoint.PlainPath, reviews.AnswerAsync);

        // Flagger's webhooks ask by POST; what they send along is not read.
        (SemaphoreSlim ofVerdicts, SemaphoreSlim ofRollouts) = (new(MostAskers), new(MostAskers));
        app.MapMethods(
            VerdictEndpoint.Path, ["GET", "HEAD", "POST"],
            context => AnsweringAsync(ofVerdicts, context, () => verdicts.AnswerAsync(context, ready)));
        app.MapMethods(
            RolloutEndpoint.Path, ["GET", "HEAD"],
            context => AnsweringAsync(ofRollouts, context, () => rollouts.AnswerAsync(context, ready)));
    }

    private static void UseTls(ListenOptions listen, ServedCertificate certificate) => listen.UseHttps(https =>
    {
        https.ServerCertificateSelector = (_, _) => certificate.Current;
        https.HandshakeTimeout = Patience;
    });

    private static async Task AnsweringAsync(SemaphoreSlim askers, HttpContext context, Func<Task> answer)
    {
        if (!await askers.WaitAsync(TimeSpan.Zero, context.RequestAborted))
        {
            await VerdictEndpoint.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable,
                new(false, "Busy", "Too many ask at once. Ask again in a moment.", null, null));
            return;
        }

        try
        {
            await answer();
        }
        finally
        {
            askers.Release();
        }
    }

    private static Task AnswerReadyAsync(HttpContext context, Readiness ready)
    {
        context.Response.StatusCode = ready.Is ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(string.Join('\n', [ready.Missing ?? "ok", .. ready.Closed]));
    }
}
