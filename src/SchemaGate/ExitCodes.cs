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

    /// <summary>A fault of SchemaGate itself: EX_SOFTWARE of BSD's sysexits.h. It says nothing about the gate.</summary>
    public const int Internal = 70;

    /// <summary>Ended by Ctrl-C or SIGTERM before there was an answer: 128 + SIGINT, as shells write it.</summary>
    public const int Canceled = 130;
}
