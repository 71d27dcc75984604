using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>Locks in words.</summary>
internal static class LockSentence
{
    /// <summary>What is done, under which lock, and who waits: a sentence's end, without a capital letter.</summary>
    /// <param name="table">As a person reads it.</param>
    /// <param name="lasts">Work goes on under it: on another table, or more of the transaction follows.</param>
    public static string Of(string table, TableLock held, bool lasts)
    {
        string may = held.IsAssumed ? "may be one that " : "";
        string verb = held.Work switch
        {
            _ when held.Work.HasFlag(LockWork.Rewrite) => $"{may}rewrites {table}",
            _ when held.Work.HasFlag(LockWork.BuildIndex) => $"{may}builds an index on {table}",
            _ when held.Work.HasFlag(LockWork.Scan) => $"{may}reads all of {table}",
            _ => "",
        };
        string howLong = lasts ? "until the transaction ends" : "for a moment";
        return verb.Length > 0
            ? $"{verb} under {Words(held.Mode)}: {Waiting(held.Mode, "until it is done")}"
            : $"takes {Words(held.Mode)} on {table} {howLong}: {Waiting(held.Mode, "behind it")}";
    }

    public static string Words(LockMode mode) => mode switch
    {
        LockMode.AccessShare => "ACCESS SHARE",
        LockMode.RowShare => "ROW SHARE",
        LockMode.RowExclusive => "ROW EXCLUSIVE",
        LockMode.ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
        LockMode.Share => "SHARE",
        LockMode.ShareRowExclusive => "SHARE ROW EXCLUSIVE",
        LockMode.Exclusive => "EXCLUSIVE",
        LockMode.AccessExclusive => "ACCESS EXCLUSIVE",
        _ => "no lock",
    };

    private static string Waiting(LockMode mode, string howLong) => mode switch
    {
        LockMode.AccessExclusive => $"reads and writes {Stop(howLong)}",
        >= LockMode.Share => $"writes {Stop(howLong)}",
        _ => "reads and writes go on",
    };

    private static string Stop(string howLong) => howLong == "behind it" ? "queue behind it" : $"stop {howLong}";
}
