using System.Collections;
using System.Runtime.CompilerServices;

namespace SchemaGate.Core.Risk.Statements;

/// <summary>A list that equals another with equal items, so that facts can be compared as values. Its default is empty.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public readonly struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[]? _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.IsEmpty ? null : items.ToArray();

    public int Count => _items?.Length ?? 0;

    public T this[int index] => (_items ?? [])[index];

    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);

    public bool Contains(T item) => Array.IndexOf(_items ?? [], item) >= 0;

    public bool Equals(ValueList<T> other) =>
        (_items ?? []).AsSpan().SequenceEqual((other._items ?? []).AsSpan(), EqualityComparer<T>.Default);

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode() => _items is null ? 0 : HashCode.Combine(Count, _items[0], _items[^1]);

    public override string ToString() => $"[{string.Join(", ", this)}]";

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What a collection expression of a <see cref="ValueList{T}"/> calls.</summary>
public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
