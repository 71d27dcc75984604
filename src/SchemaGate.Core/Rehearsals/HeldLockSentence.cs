using System.Globalization;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;

namespace SchemaGate.Core.Rehearsals;

/// <summary>A held lock in words.</summary>
internal static class HeldLockSentence
{
    /// <param name="meanwhile">The work that its transaction does while it is held, its own included.</param>
    public static string Of(HeldLock held, IReadOnlyList<ObservedLock> meanwhile)
    {
        ObservedLock own = held.Lock;
        string index = own.Index is null ? "" : $", index {own.Index}";
        string size = held.Size is null ? "" : $" ({Size(held.Size)})";
        string[] others = [.. meanwhile.Where(work => work.Table != own.Table).Select(work => $"{work.Table}")
            .Distinct(StringComparer.Ordinal)];
        string elsewhere = others switch
        {
            [] => "",
            [var one] => $"{one} is worked on",
            [var one, var other] => $"{one} and {other} are worked on",
            [var one, ..] => $"{one} and {others.Length - 1} others are worked on",
        };
        string work = (Verb(own.Work), elsewhere) switch
        {
            ("", "") => "",
            ("", _) => $" while {elsewhere}",
            (var verb, "") => $" while all of it is {verb}",
            (var verb, _) => $" while all of it is {verb} and {elsewhere}",
        };
        return $"{own.Table}{index}{size}: {LockSentence.Words(own.Mode)}{work}; {Waits(own)}{Lasts(held, work)}";
    }

    private static string Lasts(HeldLock held, string work) => held switch
    {
        { Lock.BlocksWrites: false } => "",
        { Lasts: null, Lock.AddsPartition: true, Size: var size } =>
            $": for how long is not known, a default partition of it would be read{(size is null ? "" : " (--like live has it)")}",
        { Lasts: null, Lock.HasNoPartition: true, Size: var size } =>
            $": for how long is not known, the scratch database has no partition of it{(size is null ? "" : " (--like live has them)")}",
        { Lasts: { } lasts } => $" for {lasts}{(lasts.IsBrief ? "" : " (an estimate)")}",
        _ when work.Length == 0 => " for moments",
        _ => ": for how long, no size tells",
    };

    private static string Verb(LockWork work) => work switch
    {
        _ when work.HasFlag(LockWork.Rewrite) => "rewritten",
        _ when work.HasFlag(LockWork.BuildIndex) => "read to build an index",
        _ when work.HasFlag(LockWork.Scan) => "read",
        _ => "",
    };

    private static string Waits(ObservedLock held) => held switch
    {
        { BlocksReads: true } => "reads and writes stop",
        { BlocksWrites: true } => "writes stop",
        _ => "reads and writes go on",
    };

    /// <summary><c>about 3,000,000 rows, 1.2 GB with indexes</c>.</summary>
    private static string Size(TableSize size)
    {
        string rows = size.Rows is { } count ? string.Create(CultureInfo.InvariantCulture, $"about {Rounded(count):N0} rows, ") : "";
        string parts = size.Partitions switch
        {
            0 => "",
            1 => " in a partition that only the live database has",
            var several => $" in {several} partitions that only the live database has",
        };
        return $"{rows}{Bytes(size.TotalBytes)} with indexes{parts}";
    }

    /// <summary>Two digits: statistics are no count.</summary>
    private static long Rounded(long count)
    {
        long unit = 1;
        while (count / unit >= 100)
        {
            unit *= 10;
        }

        return count / unit * unit;
    }

    private static string Bytes(long bytes)
    {
        (double Size, string Unit)[] units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
        (double size, string? unit) = Array.Find(units, known => bytes >= known.Size);
        return unit is null
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / size:0.#} {unit}");
    }
}
