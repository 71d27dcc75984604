using System.Collections.Immutable;
using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>
/// What an informer knows, as a value: every step answers the next state and the changes that lead to it. By namespace, because that
/// is how it is asked.
/// </summary>
/// <param name="Namespaces">What is known, by namespace and name.</param>
/// <param name="Unread">What is there and cannot be read: it is not among what is known, and not gone either.</param>
internal sealed record InformerCache<T>(
    ImmutableDictionary<string, ImmutableDictionary<string, T>> Namespaces, ImmutableDictionary<ObjectKey, UnreadObject> Unread)
    where T : class, IMetadata<V1ObjectMeta>
{
    public static InformerCache<T> Empty { get; }
        = new(
            ImmutableDictionary.Create<string, ImmutableDictionary<string, T>>(StringComparer.Ordinal),
            ImmutableDictionary<ObjectKey, UnreadObject>.Empty);

    public T? Find(ObjectKey key) => In(key.Namespace).GetValueOrDefault(key.Name);

    public ImmutableDictionary<string, T> In(string ns) =>
        Namespaces.GetValueOrDefault(ns) ?? ImmutableDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>One page of a list. What is unchanged stays the object that it was.</summary>
    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Put(IReadOnlyCollection<T> listed)
    {
        List<InformerChange<T>> changes = [.. listed.SelectMany(value => Steps(Find(ObjectKey.Of(value)), value))];
        return (
            changes.Where(change => change.New is not null).Aggregate(
                this with { Unread = Unread.RemoveRange(listed.Select(value => ObjectKey.Of(value))) },
                (cache, change) => cache.With(change.New!)),
            changes);
    }

    /// <summary>What cannot be read is not what it was before: nothing is concluded from that any more.</summary>
    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Skip(IEnumerable<UnreadObject> unread)
    {
        List<InformerChange<T>> changes = [];
        InformerCache<T> next = this;
        foreach (UnreadObject one in unread)
        {
            if (next.Find(one.Key) is { } known)
            {
                next = next.Without(known);
                changes.Add(new(known, null));
            }

            next = next with { Unread = next.Unread.SetItem(one.Key, one) };
        }

        return (next, changes);
    }

    /// <summary>What a complete list lacks was deleted while nobody watched.</summary>
    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Retain(IReadOnlySet<ObjectKey> listed)
    {
        List<T> gone = [.. Namespaces.SelectMany(ns => ns.Value.Values).Where(value => !listed.Contains(ObjectKey.Of(value)))];
        InformerCache<T> left = this with { Unread = Unread.RemoveRange(Unread.Keys.Where(key => !listed.Contains(key))) };
        return (gone.Aggregate(left, (cache, value) => cache.Without(value)), [.. gone.Select(
            value => new InformerChange<T>(value, null))]);
    }

    public (InformerCache<T> Next, IReadOnlyList<InformerChange<T>> Changes) Apply(WatchEvent<T> change)
    {
        if (change.Unread is { } unread)
        {
            var (next, changes) = Skip([unread]);
            return (change.Kind == WatchEventKind.Deleted ? next with { Unread = next.Unread.Remove(unread.Key) } : next, changes);
        }

        if (change.Value is not { } value)
        {
            return (this, []);
        }

        if (change.Kind != WatchEventKind.Deleted)
        {
            return Put([value]);
        }

        var read = this with { Unread = Unread.Remove(ObjectKey.Of(value)) };
        return Find(ObjectKey.Of(value)) is null ? (read, []) : (read.Without(value), [new(value, null)]);
    }

    private InformerCache<T> With(T value)
    {
        var (ns, name) = ObjectKey.Of(value);
        return this with { Namespaces = Namespaces.SetItem(ns, In(ns).SetItem(name, value)) };
    }

    private InformerCache<T> Without(T value)
    {
        var (ns, name) = ObjectKey.Of(value);
        var left = In(ns).Remove(name);
        return this with { Namespaces = left.IsEmpty ? Namespaces.Remove(ns) : Namespaces.SetItem(ns, left) };
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
