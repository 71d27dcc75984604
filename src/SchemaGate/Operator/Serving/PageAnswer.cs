using System.Text;
using Microsoft.AspNetCore.Http;
using SchemaGate.Core.Pages;

namespace SchemaGate.Operator.Serving;

/// <summary>An answer with a page: the one that was asked for, or one that says why there is none.</summary>
internal sealed record PageAnswer(int Status, string Html)
{
    private string? Location { get; init; }

    /// <param name="status">The HTTP status.</param>
    /// <param name="title">What it is, in two or three words.</param>
    /// <param name="sentence">What to do.</param>
    public PageAnswer(int status, string title, string sentence)
        : this(status, PageDocument.OfProblem(title, sentence))
    {
    }

    public static PageAnswer Of(string html) => new(StatusCodes.Status200OK, html);

    public static PageAnswer To(string path) =>
        new(StatusCodes.Status302Found, "Elsewhere", $"The pages begin at {path}.") { Location = path };

    public Task WriteAsync(HttpContext context, CancellationToken cancellation)
    {
        context.Response.StatusCode = Status;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = $"{PageDocument.ContentSecurityPolicy}; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.Location = Location;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = new(["Bearer realm=\"gates\"", "Basic realm=\"gates\", charset=\"UTF-8\""]);
        }
        else if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = "2";
        }
        else if (Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers.Allow = "GET, HEAD";
        }

        byte[] body = Encoding.UTF8.GetBytes(Html);
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, cancellation).AsTask();
    }
}
