using k8s.Models;
using SchemaGate.Core;

namespace SchemaGate.Operator.Running;

/// <summary>What became of a run's pods, in words. Strangers' words are cut: they go into a status.</summary>
internal static class PodStory
{
    private const int Longest = 500;

    /// <summary>The states in which a container waits as it should.</summary>
    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal) { "ContainerCreating", "PodInitializing" };

    /// <summary>What the run said of itself, in whichever pod it ended last.</summary>
    /// <param name="pods">The run's.</param>
    /// <param name="read">Reads a container's termination message; null for what it cannot read.</param>
    public static T? Report<T>(IEnumerable<V1Pod> pods, Func<string?, T?> read)
        where T : class => pods
        .OrderByDescending(pod => pod.Metadata.CreationTimestamp)
        .SelectMany(Containers)
        .Select(container => read(container.State?.Terminated?.Message))
        .FirstOrDefault(report => report is not null);

    /// <summary>What keeps a pod from starting, or ended it; null where nothing does.</summary>
    public static string? Trouble(IEnumerable<V1Pod> pods) => pods
        .OrderByDescending(pod => pod.Metadata.CreationTimestamp)
        .Select(Trouble)
        .FirstOrDefault(trouble => trouble is not null);

    private static string? Trouble(V1Pod pod)
    {
        if (pod.Status is { Phase: "Failed", Reason: { Length: > 0 } reason })
        {
            return $"its pod {pod.Metadata.Name} was ended: {reason}. {Cut(pod.Status.Message)}".TrimEnd();
        }

        return Containers(pod).Select(container => Trouble(pod, container, "container")).FirstOrDefault(trouble => trouble is not null)
            ?? InitContainers(pod).Select(container => Trouble(pod, container, "init container"))
                .FirstOrDefault(trouble => trouble is not null)
            ?? (pod.Status?.Conditions ?? []).Where(condition => condition is { Type: "PodScheduled", Status: "False" })
                .Select(condition => $"its pod {pod.Metadata.Name} finds no node: {Cut(condition.Message)}").FirstOrDefault();
    }

    private static string? Trouble(V1Pod pod, V1ContainerStatus container, string what) => container.State switch
    {
        { Terminated: { ExitCode: not 0, Reason: "OOMKilled" } } =>
            $"its {what} {container.Name} was killed, because it took more memory than its limit (OOMKilled): "
            + "raise spec.migrate.resources, or with a template its own.",
        { Terminated: { ExitCode: not 0 and var code } ended } =>
            $"its {what} {container.Name} ended with exit code {code} ({ended.Reason}): "
            + $"`kubectl -n {pod.Metadata.NamespaceProperty} logs {pod.Metadata.Name} -c {container.Name}` has its words.",
        { Waiting: { Reason: { } waiting } state } when !Usual.Contains(waiting) =>
            $"its {what} {container.Name} does not start: {waiting}. {Cut(state.Message)}".TrimEnd(),
        _ => null,
    };

    private static IEnumerable<V1ContainerStatus> Containers(V1Pod pod) => pod.Status?.ContainerStatuses ?? [];

    /// <summary>What keeps the others waiting. Once those have begun, an init container that ends is a sidecar that was told to.</summary>
    private static IEnumerable<V1ContainerStatus> InitContainers(V1Pod pod) =>
        Containers(pod).Any(container => container.State is { Running: not null } or { Terminated: not null })
            ? []
            : pod.Status?.InitContainerStatuses ?? [];

    private static string Cut(string? message) => BoundedText.Of(message ?? "", Longest);
}
