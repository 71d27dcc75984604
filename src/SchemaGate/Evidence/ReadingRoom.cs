namespace SchemaGate.Evidence;

/// <summary>
/// Who has how much of the <see cref="ReadingBudget"/>. A quarter is for small readings, up to a sixteenth of the whole for each tenant's
/// together. Not thread-safe.
/// </summary>
internal sealed class ReadingRoom(long total)
{
    private readonly Dictionary<string, RoomPart> tenants = new(StringComparer.Ordinal);
    private readonly long mostOwn = total / 16;
    private long freeOwn = total / 4;
    private long freeRest = total - (total / 4);

    /// <summary>As much of the rest as one tenant may have, and as one reading may.</summary>
    public long Most { get; } = total / 2;

    /// <summary>What nobody has.</summary>
    public long Free => freeOwn + freeRest;

    /// <summary>Whether it is what its others have, and not what other tenants do, that keeps a reading from beginning.</summary>
    public bool IsFull(string tenant, long bytes) => Of(tenant).Rest + Wanted(tenant, default, bytes).Rest > Most;

    /// <summary>Instead of what a reading has.</summary>
    /// <param name="tenant">Who takes it.</param>
    /// <param name="has">What the reading has.</param>
    /// <param name="bytes">What it is to have.</param>
    /// <param name="ownOnly">Whether the rest is for others, who wait for it.</param>
    /// <returns>What it has then; null, and nothing is taken, where there is no room.</returns>
    public RoomPart? TryTake(string tenant, RoomPart has, long bytes, bool ownOnly)
    {
        RoomPart wanted = Wanted(tenant, has, bytes);
        RoomPart more = wanted - has;
        if (more.Rest > (ownOnly ? 0 : freeRest) || Of(tenant).Rest + more.Rest > Most)
        {
            return null;
        }

        freeOwn -= more.Own;
        freeRest -= more.Rest;
        tenants[tenant] = Of(tenant) + more;
        return wanted;
    }

    public void Give(string tenant, RoomPart part)
    {
        freeOwn += part.Own;
        freeRest += part.Rest;
        tenants[tenant] = Of(tenant) - part;
        if (tenants[tenant].Bytes == 0)
        {
            tenants.Remove(tenant);
        }
    }

    /// <summary>What is not small takes nothing of what is for the small: its tenant's others may need that.</summary>
    private RoomPart Wanted(string tenant, RoomPart has, long bytes)
    {
        long others = Of(tenant).Own - has.Own;
        long own = bytes > mostOwn ? 0 : Math.Clamp(Math.Min(mostOwn - others, freeOwn + has.Own), 0, bytes);
        return new(own, bytes - own);
    }

    private RoomPart Of(string tenant) => tenants.GetValueOrDefault(tenant);
}

/// <summary>What somebody has.</summary>
/// <param name="Own">In bytes, of what is for small readings.</param>
/// <param name="Rest">In bytes, of the rest.</param>
internal readonly record struct RoomPart(long Own, long Rest)
{
    public long Bytes => Own + Rest;

    public static RoomPart operator +(RoomPart left, RoomPart right) => new(left.Own + right.Own, left.Rest + right.Rest);

    public static RoomPart operator -(RoomPart left, RoomPart right) => new(left.Own - right.Own, left.Rest - right.Rest);
}
