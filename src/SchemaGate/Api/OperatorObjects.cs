using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Api;

/// <summary>The operator's own objects in a cluster, as far as not only the operator must know them.</summary>
internal static class OperatorObjects
{
    /// <summary>The Lease, in the operator's namespace, that its leading replica renews.</summary>
    public const string Lease = "schemagate-leader";

    /// <summary>Both webhook configurations' name.</summary>
    public const string Webhooks = "schemagate";

    public static ResourceType<RawObject> MutatingWebhooks { get; } =
        Configuration("MutatingWebhookConfiguration", "mutatingwebhookconfigurations");

    public static ResourceType<RawObject> ValidatingWebhooks { get; } =
        Configuration("ValidatingWebhookConfiguration", "validatingwebhookconfigurations");

    private static ResourceType<RawObject> Configuration(string kind, string plural) =>
        RawObject.Resource("admissionregistration.k8s.io", "v1", kind, plural, namespaced: false);
}
