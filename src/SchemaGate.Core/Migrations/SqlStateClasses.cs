namespace SchemaGate.Core.Migrations;

/// <summary>
/// What a server's error code says about trying again. Source: PostgreSQL documentation, appendix A (13 to 18); the first two characters
/// are the class. A transient error is tried again only a few times, so a code that is transient too often costs little; one that is
/// permanent needs a person.
/// </summary>
public static class SqlStateClasses
{
    private static readonly Dictionary<string, FailureClass> Codes = new(StringComparer.Ordinal)
    {
        // A primary that has just become a standby; after the failover the same URL leads to the new one.
        ["25006"] = FailureClass.Transient,
        // The session was idle in its transaction for too long: the runner was starved, which it need not be again.
        ["25P03"] = FailureClass.Transient,
        // fdw_unable_to_establish_connection: 08001 of another server.
        ["HV00N"] = FailureClass.Transient,
        // Whether the statement took effect nobody knows.
        ["40003"] = FailureClass.Unknown,
        // The data, found out at the end of the transaction.
        ["40002"] = FailureClass.Permanent,
        // A full disk (and temp_file_limit) stays full until someone makes room, and every attempt fills it again, for everyone.
        ["53100"] = FailureClass.Permanent,
        ["53400"] = FailureClass.Permanent,
        // Other sessions use what is to be changed, or lock it: they end.
        ["55006"] = FailureClass.Transient,
        ["55P03"] = FailureClass.Transient,
        // Canceled on the server: the same statement on the same data runs into statement_timeout again and holds its locks until
        // then; and where a person canceled it, it is not for a program to insist. (25P04, transaction_timeout, likewise: class 25.)
        ["57014"] = FailureClass.Permanent,
        // Shutdown, crash, starting up, and a session ended for idleness.
        ["57P01"] = FailureClass.Transient,
        ["57P02"] = FailureClass.Transient,
        ["57P03"] = FailureClass.Transient,
        ["57P05"] = FailureClass.Transient,
        ["57P04"] = FailureClass.Permanent,
        // system_error is what a system call said; io_error may be a disk that dies.
        ["58000"] = FailureClass.Transient,
        // An extension's or a library's file that is not installed, and its like.
        ["58P01"] = FailureClass.Permanent,
        ["58P02"] = FailureClass.Permanent,
        ["58P03"] = FailureClass.Permanent,
    };

    private static readonly Dictionary<string, FailureClass> Classes = new(StringComparer.Ordinal)
    {
        // Connection exceptions; poolers use 08P01 for "no server free".
        ["08"] = FailureClass.Transient,
        // Serialization failures and deadlocks: documentation, 13.5, asks for a retry.
        ["40"] = FailureClass.Transient,
        // Memory and connections, which others give back.
        ["53"] = FailureClass.Transient,
        ["72"] = FailureClass.Transient,
        // 57000 without a word why; 58030; XX000 (internal error), XX001 and XX002 (corruption): look before anything runs again.
        ["57"] = FailureClass.Unknown,
        ["58"] = FailureClass.Unknown,
        ["XX"] = FailureClass.Unknown,
    };

    /// <summary>
    /// Everything else the standard and PostgreSQL know is about the statement, the data or rights: the same again fails again.
    /// </summary>
    private static readonly HashSet<string> Permanent = new(
        ("0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 42 44 54 55 F0 HV P0").Split(' '),
        StringComparer.Ordinal);

    /// <param name="sqlState">Five characters; anything else, and what is unheard of, is Unknown.</param>
    public static FailureClass Of(string sqlState)
    {
        ArgumentNullException.ThrowIfNull(sqlState);
        return sqlState switch
        {
            { Length: not 5 } => FailureClass.Unknown,
            _ when Codes.TryGetValue(sqlState, out FailureClass code) => code,
            _ when Classes.TryGetValue(sqlState[..2], out FailureClass family) => family,
            _ when Permanent.Contains(sqlState[..2]) => FailureClass.Permanent,
            _ => FailureClass.Unknown,
        };
    }
}
