using System.Text.Json.Nodes;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>A change of one object: <see cref="JsonPatch"/>, <see cref="MergePatch"/> or <see cref="ApplyPatch"/>.</summary>
public abstract record Patch
{
    private protected Patch()
    {
    }
}

/// <summary>RFC 7386: members given replace, null removes, lists are replaced whole.</summary>
public sealed record MergePatch(JsonObject Content) : Patch;

/// <summary>
/// Server-side apply: creates the object where it is absent. The client writes apiVersion, kind and name.
/// </summary>
/// <param name="Content">The fields owned.</param>
/// <param name="Force">Take fields over from other managers instead of failing with Conflict.</param>
/// <param name="FieldManager">Null means the client's.</param>
public sealed record ApplyPatch(JsonObject Content, bool Force = false, string? FieldManager = null) : Patch;
