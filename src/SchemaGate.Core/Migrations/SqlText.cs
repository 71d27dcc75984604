namespace SchemaGate.Core.Migrations;

/// <summary>Text that no server can run as it is meant, whatever SQL stands in it.</summary>
public static class SqlText
{
    private const char ByteOrderMark = '\uFEFF';
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Why, without a full stop and with what to do; null where nothing is wrong. A server takes a byte order mark for a part of the first
    /// word (42601); bytes that are no UTF-8 reach it as U+FFFD, in whatever the migration writes. A U+FFFD that somebody wrote is a
    /// character like others.
    /// </summary>
    /// <param name="sql">As decoded: invalid UTF-8 is U+FFFD, a byte order mark stays.</param>
    /// <param name="isUtf8">Whether what it was decoded from is UTF-8, byte for byte.</param>
    public static string? Problem(string sql, Func<bool> isUtf8) => sql switch
    {
        [ByteOrderMark, ..] => "its file begins with a byte order mark, which PostgreSQL does not take: save it as UTF-8 without one",
        _ when sql.Contains('\0', StringComparison.Ordinal) =>
            "its file has zero bytes, which PostgreSQL cannot take: save it as UTF-8 (it looks like UTF-16)",
        _ when sql.Contains(Replacement, StringComparison.Ordinal) && !isUtf8() =>
            "its file has bytes that are not UTF-8: save it as UTF-8",
        _ => null,
    };
}
