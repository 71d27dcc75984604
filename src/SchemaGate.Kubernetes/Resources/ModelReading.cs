using System.Collections.Immutable;
using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>What the package's models leave to each of their readers.</summary>
public static class ModelReading
{
    /// <summary>The value, or none: an absent map is null in the models.</summary>
    public static T? Find<T>(this IDictionary<string, T>? values, string key)
        where T : class =>
        values is not null && values.TryGetValue(key, out var value) ? value : null;

    /// <summary>The models' times are in UTC, whatever their kind says.</summary>
    public static DateTimeOffset ToOffset(this DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    /// <inheritdoc cref="ToOffset(DateTime)"/>
    public static DateTimeOffset? ToOffset(this DateTime? time) => time is { } given ? given.ToOffset() : null;

    /// <summary>A MicroTime: the server refuses one without a fraction, and the package writes whole seconds without.</summary>
    public static DateTime ToMicroTime(this DateTimeOffset time) =>
        time.UtcTicks % TimeSpan.TicksPerSecond == 0 ? time.UtcDateTime.AddTicks(1) : time.UtcDateTime;

    /// <summary>
    /// The form that a list's labelSelector parameter takes: <c>app=web,tier in (a,b),!legacy</c>. An empty one selects everything.
    /// </summary>
    public static string ToQuery(this V1LabelSelector? selector) => string.Join(
        ',',
        (selector?.MatchLabels ?? ImmutableDictionary<string, string>.Empty)
        .OrderBy(label => label.Key, StringComparer.Ordinal)
        .Select(label => $"{label.Key}={label.Value}")
        .Concat((selector?.MatchExpressions ?? []).Select(Text)));

    private static string Text(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        "Exists" => requirement.Key,
        "DoesNotExist" => $"!{requirement.Key}",
        var unknown => throw new KubernetesException(StatusReason.Invalid,
            $"the label selector's operator '{unknown}' is unknown; it is one of In, NotIn, Exists, DoesNotExist"),
    };
}
