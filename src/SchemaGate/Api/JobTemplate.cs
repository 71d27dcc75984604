using System.Text.Json;

namespace SchemaGate.Api;

/// <summary>What a pod template must be to run migrations.</summary>
internal static class JobTemplate
{
    /// <summary>
    /// A pod's template nests half as deep. The server adds levels around it (a list, who manages which field), and so does the Job:
    /// all of that together is far from what <see cref="Kubernetes.Resources.ModelJson.MaxDepth"/> lets be read.
    /// </summary>
    public const int MostLevels = 32;

    /// <summary>The rest of a sentence that begins with the template's field; null where nothing is wrong.</summary>
    public static string? Problem(JsonElement template)
    {
        if (template.ValueKind != JsonValueKind.Object || !template.TryGetProperty("spec", out JsonElement spec)
            || spec.ValueKind != JsonValueKind.Object)
        {
            return "must be a PodTemplateSpec with a spec.";
        }

        if (!spec.TryGetProperty("containers", out JsonElement containers) || containers.ValueKind != JsonValueKind.Array
            || containers.GetArrayLength() == 0
            || containers.EnumerateArray().Any(container => container.ValueKind != JsonValueKind.Object))
        {
            return "must have a container that applies the migrations, such as `npx prisma migrate deploy` in the application's image.";
        }

        // A kubelet that starts the container again would hide the failure, and repeat it without a pause.
        return spec.TryGetProperty("restartPolicy", out JsonElement policy)
            && !(policy.ValueKind == JsonValueKind.String && policy.ValueEquals("Never"))
            ? "must have the restartPolicy Never, or none: SchemaGate decides what is tried again."
            : null;
    }
}
