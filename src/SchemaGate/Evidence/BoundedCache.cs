using System.Diagnostics.CodeAnalysis;

namespace SchemaGate.Evidence;

/// <summary>Keeps what was used last, up to a number of entries and a sum of their weights. Thread-safe.</summary>
internal sealed class BoundedCache<TKey, TValue>(int entries, long weight = long.MaxValue)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> known = [];
    private readonly LinkedList<Entry> byUse = new();
    private long total;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (gate)
        {
            bool found = known.TryGetValue(key, out LinkedListNode<Entry>? node);
            if (found)
            {
                byUse.Remove(node!);
                byUse.AddFirst(node!);
            }

            value = found ? node!.Value.Value : default;
            return found;
        }
    }

    /// <param name="key">The key; what it had is replaced.</param>
    /// <param name="value">The value.</param>
    /// <param name="weighs">Its weight, in the unit of the cache's own.</param>
    public void Set(TKey key, TValue value, long weighs = 0)
    {
        lock (gate)
        {
            Forget(key);
            if (weighs > weight)
            {
                // It would be gone at once, and everything else with it.
                return;
            }

            known[key] = byUse.AddFirst(new Entry(key, value, weighs));
            total += weighs;
            while (known.Count > entries || total > weight)
            {
                Forget(byUse.Last!.Value.Key);
            }
        }
    }

    private void Forget(TKey key)
    {
        if (known.Remove(key, out LinkedListNode<Entry>? node))
        {
            byUse.Remove(node);
            total -= node.Value.Weighs;
        }
    }

    private sealed record Entry(TKey Key, TValue Value, long Weighs);
}
