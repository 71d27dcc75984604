using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Admission;

/// <summary>What is about to happen to one object.</summary>
public sealed record AdmissionRequest
{
    public required string Uid { get; init; }

    public required AdmissionOperation Operation { get; init; }

    /// <summary>In the version that the webhook asked for, which need not be the caller's.</summary>
    public required GroupVersionKind Kind { get; init; }

    public required GroupVersionResource Resource { get; init; }

    /// <summary>"status", "scale"; null or "" for the object itself.</summary>
    public string? SubResource { get; init; }

    /// <summary>Empty on a create with generateName.</summary>
    public string? Name { get; init; }

    /// <summary>Null or "" for cluster-scoped objects.</summary>
    public string? Namespace { get; init; }

    public V1UserInfo UserInfo { get; init => field = value ?? new(); } = new();

    /// <summary>Null on DELETE.</summary>
#pragma warning disable CA1720 // The API's own name for it.
    public JsonElement? Object { get; init; }
#pragma warning restore CA1720

    /// <summary>Null on CREATE.</summary>
    public JsonElement? OldObject { get; init; }

    /// <summary>Nothing will be stored: no side effects.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// This request without an old object that nobody can read: what is written in its place is judged as if it were new.
    /// </summary>
    public AdmissionRequest Readable => Obstacle(OldObject) is not null ? this with { OldObject = null } : this;

    /// <summary>Why nobody can judge the object; null where somebody can.</summary>
    public string? Problem => Obstacle(Object);

    public AdmissionResponse Allow(params IReadOnlyList<string> warnings) => new() { Uid = Uid, Allowed = true, Warnings = Some(warnings) };

    /// <summary>Allowed in the changed form; an empty patch changes nothing.</summary>
    public AdmissionResponse Allow(JsonPatch patch, params IReadOnlyList<string> warnings) => patch.IsEmpty
        ? Allow(warnings)
        : Allow(warnings) with { PatchType = "JSONPatch", Patch = patch.ToUtf8Json() };

    /// <param name="message">What the caller reads, after "admission webhook … denied the request: ".</param>
    /// <param name="reason">A metav1.StatusReason, as Forbidden or Invalid.</param>
    /// <param name="code">The caller's HTTP status.</param>
    public AdmissionResponse Deny(string message, string reason = StatusReason.Forbidden, int code = 403) =>
        new() { Uid = Uid, Allowed = false, Status = new() { Message = message, Reason = reason, Code = code } };

    private static string? Obstacle(JsonElement? value) => value is { } given ? ModelJson.Obstacle(given) : null;

    private static IReadOnlyList<string>? Some(IReadOnlyList<string> warnings) => warnings.Count == 0 ? null : warnings;
}

public enum AdmissionOperation
{
    [JsonStringEnumMemberName("CREATE")]
    Create,

    [JsonStringEnumMemberName("UPDATE")]
    Update,

    [JsonStringEnumMemberName("DELETE")]
    Delete,

    [JsonStringEnumMemberName("CONNECT")]
    Connect,
}

public sealed record GroupVersionKind(string Group, string Version, string Kind);

public sealed record GroupVersionResource(string Group, string Version, string Resource);
