namespace SchemaGate;

/// <summary>The exit codes of every command. They are stable: pipelines branch on them.</summary>
internal static class ExitCodes
{
    /// <summary>Open, or done.</summary>
    public const int Open = 0;

    /// <summary>Blocked, or a migration failed.</summary>
    public const int Blocked = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>Evidence, or the server, could not be reached.</summary>
    public const int Unreachable = 3;
}
