using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator.Pods;

/// <summary>
/// Keeps a pod that is being made from starting: by a scheduling gate where the server has them for sure, else by an init container, before
/// all others, that runs <c>schemagate wait</c>. That one satisfies the restricted Pod Security Standard, has no volume and needs no right.
/// </summary>
/// <param name="options">What the operator knows of itself.</param>
internal sealed class PodHold(PodHoldOptions options)
{
    /// <summary>Why no pod can be held; null where it can.</summary>
    public string? Problem => options switch
    {
        { HasSchedulingGates: true } => null,
        { Image: null } => "This operator does not know its own image, with which a pod would wait: start it with --runner-image.",
        _ when options.Authorities() is null => "This operator has no certificate yet, which a pod that waits would trust. Try again.",
        _ => null,
    };

    /// <summary>Empty for a pod that is held already: another webhook may have asked for this to be done again on its own result.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="value">The same as it is sent: an init container of that name may be anybody's, that of a pod's copy for one.</param>
    /// <param name="ns">Its namespace.</param>
    public JsonPatch Of(Pod pod, JsonElement value, string ns)
    {
        JsonPatch patch = pod.Metadata.Labels.ContainsKey(Names.Held)
            ? JsonPatch.Empty
            : JsonPatch.Empty.Add(JsonPatch.PointerTo("metadata", "labels", Names.Held), "true");
        if (options.HasSchedulingGates && !pod.IsPlaced)
        {
            return Inserted(patch, "/spec/schedulingGates", pod.SchedulingGates, Pod.MigrationsGate, () => new JsonObject
            {
                ["name"] = Pod.MigrationsGate,
            });
        }

        const string Containers = "/spec/initContainers";
        int index = pod.InitContainers.ToList().IndexOf(Pod.WaitContainer);
        JsonObject waiting = Waiting(ns, pod.Requires!);
        return index >= 0 && !IsOurs(value.Member("spec").Member("initContainers")[index], waiting)
            ? patch.Remove($"{Containers}/{index}").Add($"{Containers}/0", waiting)
            : Inserted(patch, Containers, pod.InitContainers, Pod.WaitContainer, () => waiting);
    }

    /// <summary>Whether it runs what ours does. Its image may be a mirror's, and another webhook may have given it variables.</summary>
    private static bool IsOurs(JsonElement container, JsonObject waiting)
    {
        JsonNode sent = JsonNode.Parse(container.GetRawText())!;
        string Name(JsonNode one) => one["image"]?.ToString() is { } image ? image[(image.LastIndexOf('/') + 1)..] : "";
        List<JsonNode?> variables = [.. sent["env"] as JsonArray ?? []];
        return sent["command"] is null && sent["restartPolicy"] is null
            && Name(sent) == Name(waiting) && JsonNode.DeepEquals(sent["args"], waiting["args"])
            && waiting["env"]!.AsArray().All(ours => variables.FindAll(one => $"{one?["name"]}" == $"{ours!["name"]}") is [var only]
                && $"{only!["value"]}" == $"{ours!["value"]}");
    }

    private static JsonPatch Inserted(JsonPatch patch, string path, IReadOnlyList<string> present, string name, Func<JsonObject> item)
    {
        if (present.Contains(name, StringComparer.Ordinal))
        {
            return patch;
        }

        return present.Count == 0 ? patch.Add(path, new JsonArray(item())) : patch.Add($"{path}/0", item());
    }

    private JsonObject Waiting(string ns, string requires)
    {
        List<JsonNode> environment =
        [
            Variable("SCHEMAGATE_NAMESPACE", ns),
            Variable("SCHEMAGATE_SERVER", options.Server.ToString().TrimEnd('/')),
            Variable("SCHEMAGATE_CA_CERT", options.Authorities()!),
        ];
        if (options.Address is { } address)
        {
            // A pod may have no cluster DNS: on its node's network, or with a policy of its own.
            environment.Add(Variable("SCHEMAGATE_SERVER_ADDRESS", address));
        }

        return new()
        {
            ["name"] = Pod.WaitContainer,
            ["image"] = options.Image,
            ["args"] = new JsonArray("wait", ContainerText.Literal(requires)),
            ["env"] = new JsonArray([.. environment]),
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "32Mi" },
                ["limits"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "64Mi" },
            },
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = 65532,
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
        };
    }

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };
}

/// <summary>What a pod that waits is told of the operator.</summary>
/// <param name="Image">SchemaGate's own image; null where nobody knows it.</param>
/// <param name="Server">The operator's https address.</param>
/// <param name="Address">The IP address behind it, where it is a Service's; null to resolve it by name.</param>
/// <param name="Authorities">The certificates to trust, PEM; null until there is one.</param>
/// <param name="HasSchedulingGates">Whether the server has them, and cannot have them switched off.</param>
internal sealed record PodHoldOptions(string? Image, Uri Server, string? Address, Func<string?> Authorities, bool HasSchedulingGates);
