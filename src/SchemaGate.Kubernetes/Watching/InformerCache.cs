using System.Collections.Immutable;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>What an informer knows, as a value: every step answers the next state and the changes that lead to it.</summary>
internal sealed record InformerCache<T>(ImmutableDictionary<ObjectKey, T> Objects)
    where T : class, IKubernetesObject
{
    public static InformerCache<T> Empty { get; } = new(ImmutableDictionary<ObjectKey, T>.Empty);

    /// <summary>A whole list replaces everything: what it lacks was deleted while nobody watched.</summary>
    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Replace(IEnumerable<T> listed)
    {
        var objects = ImmutableDictionary<ObjectKey, T>.Empty
            .SetItems(listed.Select(value => KeyValuePair.Create(ObjectKey.Of(value), value)));
        var deleted = Objects.Where(old => !objects.ContainsKey(old.Key)).Select(old => new InformerChange<T>(old.Value, null));
        return (new(objects), [.. deleted, .. objects.SelectMany(found => Steps(Objects.GetValueOrDefault(found.Key), found.Value))]);
    }

    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Apply(WatchEvent<T> change)
    {
        if (change.Value is not { } value)
        {
            return (this, []);
        }

        var key = ObjectKey.Of(value);
        var old = Objects.GetValueOrDefault(key);
        return change.Kind == WatchEventKind.Deleted
            ? (new(Objects.Remove(key)), old is null ? [] : [new(value, null)])
            : (new(Objects.SetItem(key, value)), [.. Steps(old, value)]);
    }

    private static IEnumerable<InformerChange<T>> Steps(T? old, T value)
    {
        if (old is not null && old.Metadata.Uid != value.Metadata.Uid)
        {
            // Deleted and created again under the same name, unseen: two changes, or its owner would take it for the old one.
            return [new(old, null), new(null, value)];
        }

        return old is not null && old.Metadata.ResourceVersion == value.Metadata.ResourceVersion ? [] : [new(old, value)];
    }
}
