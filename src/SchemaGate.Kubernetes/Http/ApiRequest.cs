using System.Net;

namespace SchemaGate.Kubernetes.Http;

/// <summary>One request; <see cref="ToString"/> names it without its query, for messages.</summary>
internal sealed record ApiRequest(
    HttpMethod Method, string Path, string Query = "", byte[]? Body = null, string ContentType = "application/json")
{
    private static readonly HttpRequestOptionsKey<ApiRequest> Key = new(nameof(ApiRequest));

    /// <summary>The form in which the answer is asked for.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Asked before each sending; null always permits.</summary>
    public Func<bool>? Permitted { get; init; }

    /// <summary>What a message was made from.</summary>
    public static ApiRequest Of(HttpRequestMessage message) => message.Options.TryGetValue(Key, out var request)
        ? request
        : throw new InvalidOperationException("a message that no request was made into");

    /// <summary>To be sent once: its content is gone with it.</summary>
    public HttpRequestMessage ToMessage(Uri root)
    {
        var message = new HttpRequestMessage(Method, new Uri(root, Path + Query))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Options.Set(Key, this);
        message.Headers.Accept.ParseAdd(Accept);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new(ContentType);
        }

        return message;
    }

    public override string ToString() => $"{Method} /{Path}";
}
