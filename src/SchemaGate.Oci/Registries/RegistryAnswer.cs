using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Oci.Registries;

/// <summary>The words for what a registry answered instead of what was asked for
/// (OCI distribution specification, "Error Codes").</summary>
internal static class RegistryAnswer
{
    /// <param name="what">What was asked for, as the message shall call it: <c>image …</c>, <c>layer … of image …</c>.</param>
    /// <param name="body">The first bytes of the answer; only an error code is taken from them.</param>
    /// <param name="isAnonymous">Whether the caller gave no credentials for this image.</param>
    public static OciException Explain(ImageReference image, string what, HttpStatusCode status, ReadOnlySpan<byte> body, bool isAnonymous)
    {
        var answered = $"{(int)status}{(ErrorCode(body) is { } code ? " " + code : "")}";
        return status switch
        {
            HttpStatusCode.NotFound =>
                new(OciFailure.NotFound, $"no {what} in registry {image.Registry} ({answered}); push it or mend the reference"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(OciFailure.Denied, isAnonymous
                ? $"registry {image.Registry} does not let {what} be read without a login ({answered}), and there are no credentials "
                    + "for it; give some, or make the repository readable without a login"
                : $"registry {image.Registry} does not let {what} be read with the credentials given for it ({answered}); "
                    + "renew them, or grant them the right to pull"),
            HttpStatusCode.TooManyRequests =>
                new(OciFailure.Unreachable, $"registry {image.Registry} has had too many requests to send {what} ({answered}); ask later"),
            >= HttpStatusCode.InternalServerError =>
                new(OciFailure.Unreachable, $"registry {image.Registry} failed to send {what} ({answered}); look at the registry"),
            _ => new(OciFailure.Invalid, $"registry {image.Registry} answered {answered} when asked for {what}; is it an OCI registry?"),
        };
    }

    private static string? ErrorCode(ReadOnlySpan<byte> body)
    {
        try
        {
            var code = JsonSerializer.Deserialize(body, ErrorJson.Default.RegistryErrors)?.Errors?.FirstOrDefault()?.Code;
            return code is not null && IsCode(code) ? code : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsCode(string text) => text.Length <= 40 && text.All(letter => char.IsAsciiLetterUpper(letter) || letter == '_');
}

internal sealed record RegistryErrors(RegistryError?[]? Errors);

internal sealed record RegistryError(string? Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RegistryErrors))]
internal sealed partial class ErrorJson : JsonSerializerContext;
