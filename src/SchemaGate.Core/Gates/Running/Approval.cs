using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Core.Gates.Running;

/// <summary>That a person allowed a plan to run.</summary>
/// <param name="Plan">The plan's hash.</param>
/// <param name="By">The user, as the API server says.</param>
public sealed record Approval(string Plan, string By, DateTimeOffset At)
{
    /// <summary>What an annotation claims, for who cannot tell whether it is genuine; null for anything that is no such claim.</summary>
    public static Approval? Claimed(string? text) => TolerantJson.Read(text, ApprovalJson.Default.SealedApproval)?.Claim;
}

/// <summary>That a person opened a gate for one requirement, whatever closes it.</summary>
/// <param name="Requires">The requirement's value: an image reference or a migration's name.</param>
/// <param name="By">The user, as the API server says.</param>
/// <param name="Until">When it ends.</param>
public sealed record Override(string Requires, string Reason, string By, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Longer ones are for nobody's emergency.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <inheritdoc cref="Approval.Claimed"/>
    public static Override? Claimed(string? text) => TolerantJson.Read(text, ApprovalJson.Default.SealedOverride)?.Claim;

    public bool Opens(string? requirement, DateTimeOffset now) => requirement == Requires && now < Until;
}

/// <summary>What a client asks for in the annotation <see cref="Names.Open"/>.</summary>
/// <param name="For">A duration, such as 1h.</param>
public sealed record OpenRequest(string? Requires, string? Reason, string? For)
{
    public string ToJson() => JsonSerializer.Serialize(this, ApprovalJson.Default.OpenRequest);

    /// <summary>Null for anything that is not such a request.</summary>
    public static OpenRequest? FromJson(string? text) => TolerantJson.Read(text, ApprovalJson.Default.OpenRequest);
}

/// <summary>A claim as it stands in an annotation.</summary>
internal sealed record Sealed<T>(T Claim, string Seal);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Sealed<Approval>))]
[JsonSerializable(typeof(Sealed<Override>))]
[JsonSerializable(typeof(Sealed<Loosened>))]
[JsonSerializable(typeof(OpenRequest))]
internal sealed partial class ApprovalJson : JsonSerializerContext;
