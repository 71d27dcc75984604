using System.Text.Json;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>The custom resource, as the API server stores it. Every field is described in <c>config/crd</c>.</summary>
internal sealed record SchemaGateResource : IMetadata<V1ObjectMeta>
{
    public static ResourceType<SchemaGateResource> Resource { get; } = new(
        "schemagate.dev", "v1alpha1", "SchemaGate", "schemagates", Namespaced: true, Read,
        gate => JsonSerializer.SerializeToNode(gate, ApiJson.Default.SchemaGateResource)!.AsObject());

    public V1ObjectMeta Metadata { get; set => field = value ?? new(); } = new();

    public SchemaGateSpec Spec { get; init => field = value ?? new(); } = new();

    public SchemaGateStatus? Status { get; init; }

    private static SchemaGateResource Read(JsonElement json) => ModelJson.Kept(
        json.Deserialize(ApiJson.Default.SchemaGateResource) ?? throw new JsonException("a SchemaGate is null"));
}

internal sealed record SchemaGateSpec
{
    public ChangelogSpec? Changelog { get; init; }

    public DatabaseSpec? Database { get; init; }

    public RequireSpec? Require { get; init; }

    public PolicySpec? Policy { get; init; }

    public MigrateSpec? Migrate { get; init; }

    public RehearsalSpec? Rehearsal { get; init; }

    public NotifySpec? Notify { get; init; }

    public string? Enforcement { get; init; }

    public bool? Suspend { get; init; }
}

internal sealed record ChangelogSpec
{
    public string? Image { get; init; }

    public string? Document { get; init; }

    public string? Migrations { get; init; }

    public SecretReference? PullSecretRef { get; init; }

    public string? Recheck { get; init; }

    public bool? PlainHttp { get; init; }

    public bool? RecordsThisDatabase { get; init; }

    public VerifySpec? Verify { get; init; }
}

internal sealed record VerifySpec
{
    public IReadOnlyList<string>? Keys { get; init; }

    public SecretKeySelector? KeysFrom { get; init; }
}

internal sealed record DatabaseSpec
{
    public SecretKeySelector? UrlFrom { get; init; }

    public string? Schema { get; init; }

    public string? Tool { get; init; }

    public string? Recheck { get; init; }

    public string? DriftRecheck { get; init; }
}

/// <summary>A Secret of the gate's own namespace.</summary>
internal sealed record SecretReference
{
    public string? Name { get; init; }
}

internal sealed record SecretKeySelector
{
    public string? Name { get; init; }

    public string? Key { get; init; }
}

internal sealed record RehearsalSpec
{
    public string? Mode { get; init; }

    public string? Like { get; init; }

    public SecretKeySelector? ScratchUrlFrom { get; init; }
}

internal sealed record NotifySpec
{
    public string? Url { get; init; }

    public SecretKeySelector? UrlFrom { get; init; }

    public SecretKeySelector? SigningKeysFrom { get; init; }

    public SecretKeySelector? AuthoritiesFrom { get; init; }

    public string? Environment { get; init; }
}

internal sealed record RequireSpec
{
    public string? Through { get; init; }
}

internal sealed record PolicySpec
{
    public string? Undocumented { get; init; }

    public string? RiskMismatch { get; init; }

    public string? Edited { get; init; }

    public string? OutOfOrder { get; init; }

    public string? DatabaseAhead { get; init; }

    public string? Unpinned { get; init; }

    public string? Breaks { get; init; }

    public string? Contract { get; init; }

    public IReadOnlyList<string>? IgnoreUnknown { get; init; }

    public string? Approval { get; init; }

    public string? Drift { get; init; }

    public IReadOnlyList<string>? IgnoreDrift { get; init; }
}
