using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;

namespace SchemaGate.Operator.Serving;

/// <summary>What is reviewed at a path: nothing else is, whoever asks.</summary>
internal static class ReviewScope
{
    private static readonly Dictionary<string, string[]> s_served = new(StringComparer.Ordinal)
    {
        [WebhookRegistration.DeploymentPath] = ["apps/deployments Deployment", "argoproj.io/rollouts Rollout"],
        [WebhookRegistration.ReplicaSetPath] = ["apps/replicasets ReplicaSet"],
        [WebhookRegistration.PodSetPath] = ["apps/statefulsets StatefulSet", "apps/daemonsets DaemonSet"],
        [WebhookRegistration.PodSetStatusPath] = ["apps/statefulsets/status StatefulSet"],
        [WebhookRegistration.PodPath] = ["/pods Pod"],
        [WebhookRegistration.HeldPodPath] = ["/pods Pod"],
        [WebhookRegistration.ClaimantPath] =
            ["batch/jobs Job", "batch/cronjobs CronJob", "/replicationcontrollers ReplicationController"],
        [WebhookRegistration.GatePath] = ["schemagate.dev/schemagates SchemaGate"],
        [WebhookRegistration.ClaimPath] = ["schemagate.dev/schemagates SchemaGate"],
    };

    /// <summary>The resources, as <c>group/resource/subresource</c>.</summary>
    public static IEnumerable<string> Resources(string path) => s_served[path].Select(served => served.Split(' ')[0]);

    /// <exception cref="KubernetesException">InvalidReview: the path is not of this resource, or the object is of another kind.</exception>
    public static void Check(string path, AdmissionRequest request)
    {
        string sub = string.IsNullOrEmpty(request.SubResource) ? "" : $"/{request.SubResource}";
        string resource = $"{request.Resource.Group}/{request.Resource.Resource}{sub}";
        string asked = $"{resource} {request.Kind.Kind}";
        if (!s_served[path].Contains(asked, StringComparer.Ordinal) || request.Kind.Group != request.Resource.Group
            || request.Operation is not (AdmissionOperation.Create or AdmissionOperation.Update))
        {
            throw Invalid($"{request.Operation} of {asked} is not reviewed here");
        }

        foreach (JsonElement value in ((JsonElement?[])[request.Object, request.OldObject]).OfType<JsonElement>())
        {
            if ((value.Text("kind") is { } kind && kind != request.Kind.Kind)
                || (value.Text("apiVersion") is { } version && version != VersionOf(request.Kind)))
            {
                throw Invalid("its object is of another kind than it says");
            }
        }
    }

    private static string VersionOf(GroupVersionKind kind) => kind.Group.Length == 0 ? kind.Version : $"{kind.Group}/{kind.Version}";

    private static KubernetesException Invalid(string why) =>
        new(StatusReason.InvalidReview, $"the admission review cannot be answered: {why}");
}
