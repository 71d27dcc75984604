namespace SchemaGate.Core.Migrations;

/// <summary>Whether trying a failed run again can help.</summary>
public enum FailureClass
{
    /// <summary>Nobody knows: the process was killed, or the server said something unheard of.</summary>
    Unknown,

    /// <summary>The same run may succeed later: a lost connection, a lock, a deadlock, a server that stops.</summary>
    Transient,

    /// <summary>The same run fails again until the set, the database or its rights change.</summary>
    Permanent,
}
