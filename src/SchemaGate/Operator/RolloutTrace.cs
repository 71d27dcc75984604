using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// The trace that a write of a workload belongs to. A rollout's begins with the write of a new pod template, which is given the
/// annotation <see cref="Names.Traceparent"/>; writes of the same template continue it until that is released. Its writer may bring a
/// context of his own, a pipeline's: then it is his trace.
/// </summary>
internal sealed class RolloutTrace
{
    private static readonly string[] s_workloads = ["deployments", "rollouts", "statefulsets", "daemonsets"];

    private readonly AdmissionRequest request;
    private readonly bool isWorkload;

    private RolloutTrace(AdmissionRequest request)
    {
        this.request = request;
        isWorkload = s_workloads.Contains(request.Resource.Resource, StringComparer.Ordinal) && string.IsNullOrEmpty(request.SubResource);
        Now = Annotation(request.Object, Names.Traceparent);
        Before = Annotation(request.OldObject, Names.Traceparent);
        IsNew = request.OldObject is not { } old || (isWorkload && request.Object is { } now && !TemplateFacts.IsSame(old, now));
    }

    /// <summary>The rollout's context, where it has begun and goes on.</summary>
    public ActivityContext? Context
    {
        get
        {
            bool goesOn = IsNew ? IsBrought : !WasReleased;
            return goesOn ? Activities.Parse(Now) : null;
        }
    }

    private string? Now { get; }

    private string? Before { get; }

    /// <summary>Whether something is made, or a workload gets another template.</summary>
    private bool IsNew { get; }

    /// <summary>
    /// Whether the writer has a context of his own. `kubectl rollout undo` takes the annotations of the revision that it goes back to, its
    /// record among them: that is another rollout.
    /// </summary>
    private bool IsBrought => Now is not null && Now != Before
        && !(Annotation(request.Object, Names.Released) is { Length: > 0 } record
            && request.OldObject is { } old && Annotation(old, Names.Released) != record);

    /// <summary>What stands was released: a write that leaves its template alone, such as a scaling, is no part of its rollout.</summary>
    private bool WasReleased => Annotation(request.OldObject, Names.Released) is { Length: > 0 };

    public static RolloutTrace Of(AdmissionRequest request) => new(request);

    /// <summary>The answer, with the annotation as it is to be.</summary>
    /// <param name="response">What was decided.</param>
    /// <param name="context">Of the span of this write; null where that is not recorded.</param>
    public AdmissionResponse Noted(AdmissionResponse response, string? context)
    {
        string? wanted = Wanted(response, context);
        return !response.Allowed || wanted == Now ? response : response with
        {
            PatchType = "JSONPatch",
            Patch = With(response.Patch, wanted),
        };
    }

    private string? Wanted(AdmissionResponse response, string? context)
    {
        if (!isWorkload)
        {
            // A pod that is held is written to as it is.
            bool isHeldPod = request.Resource.Resource == "pods" && IsNew && response.Patch is not null;
            return isHeldPod && !request.DryRun ? Now ?? context : Now;
        }

        if (IsNew)
        {
            // A rehearsal would show another context each time.
            return IsBrought || request.DryRun ? Now : context;
        }

        // A write that leaves it out takes it away where its writer counts as its owner (server-side apply).
        return Now ?? Before;
    }

    private byte[] With(byte[]? patch, string? wanted)
    {
        const string annotations = "/metadata/annotations";
        JsonArray operations = patch is null ? [] : JsonNode.Parse(patch)!.AsArray();
        if (!HasAnnotations
            && !operations.Any(operation => operation!["path"]!.ToString().StartsWith(annotations, StringComparison.Ordinal)))
        {
            operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = annotations, ["value"] = new JsonObject() });
        }

        string pointer = JsonPatch.PointerTo("metadata", "annotations", Names.Traceparent);
        operations.Add((JsonNode)(wanted is null
            ? new JsonObject { ["op"] = "remove", ["path"] = pointer }
            : new JsonObject { ["op"] = "add", ["path"] = pointer, ["value"] = wanted }));
        return Encoding.UTF8.GetBytes(operations.ToJsonString());
    }

    private bool HasAnnotations => request.Object is { } value
        && value.Member("metadata").Member("annotations") is { ValueKind: JsonValueKind.Object } annotations
        && annotations.EnumerateObject().Any();

    private static string? Annotation(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found ? found.Member("metadata").Member("annotations").Text(name) : null;
}
