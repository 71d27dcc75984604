using System.Buffers;
using System.Text.Json;

namespace SchemaGate.Kubernetes.Admission;

/// <summary>admission.k8s.io/v1 AdmissionReview: the API server's question to a webhook, and in the same envelope the answer.</summary>
public sealed record AdmissionReview
{
    private const string V1 = "admission.k8s.io/v1";

    public required string ApiVersion { get; init; }

    public string Kind { get; init; } = "AdmissionReview";

    public AdmissionRequest? Request { get; init; }

    public AdmissionResponse? Response { get; init; }

    /// <summary>Reads a review of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="KubernetesException">InvalidReview: too large, not JSON, another version, no usable request.</exception>
    public static async Task<AdmissionRequest> ReadAsync(Stream body, int limit, CancellationToken cancellation)
    {
        var content = await ReadBoundedAsync(body, limit, cancellation);
        try
        {
            var review = JsonSerializer.Deserialize(content.Span, AdmissionJson.Default.AdmissionReview);
            return review switch
            {
                null => throw Invalid("it is null"),
                not { ApiVersion: V1 } => throw Invalid($"its version is '{review.ApiVersion}'; only {V1} is spoken"),
                { Request: { } request } when IsComplete(request) => request,
                _ => throw Invalid("it has no request with a uid, a kind and a resource"),
            };
        }
        catch (JsonException e)
        {
            throw Invalid(e.Message, e);
        }
    }

    /// <summary>The answer's body.</summary>
    public static byte[] ToUtf8Json(AdmissionResponse response) =>
        JsonSerializer.SerializeToUtf8Bytes(new() { ApiVersion = V1, Response = response }, AdmissionJson.Default.AdmissionReview);

    // Required only means present: JSON's null still gets through.
    private static bool IsComplete(AdmissionRequest request) => request is
    {
        Uid.Length: > 0,
        Kind: { Group: not null, Version: not null, Kind: not null },
        Resource: { Group: not null, Version: not null, Resource: not null },
    };

    private static async Task<ReadOnlyMemory<byte>> ReadBoundedAsync(Stream body, int limit, CancellationToken cancellation)
    {
        var content = new ArrayBufferWriter<byte>(Math.Min(limit, 16 << 10));
        while (content.WrittenCount <= limit)
        {
            var read = await body.ReadAsync(content.GetMemory(4096), cancellation);
            if (read == 0)
            {
                return content.WrittenMemory;
            }

            content.Advance(read);
        }

        throw Invalid($"it is larger than {limit} bytes");
    }

    private static KubernetesException Invalid(string why, Exception? inner = null) =>
        new(StatusReason.InvalidReview, $"the admission review cannot be read: {why}", inner: inner);
}
