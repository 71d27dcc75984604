namespace SchemaGate.Core.Databases;

/// <summary>Who holds the lock under which a tool migrates, as far as the reading role may see.</summary>
/// <param name="Process">The server process; null for a lock that is a row of a table.</param>
/// <param name="Owner">The session's <c>application_name</c>, or who the lock's row says took it; empty where nobody says.</param>
/// <param name="Since">When the session connected, or the row was written; null where that is not known.</param>
/// <param name="IsIdle">
/// Whether the session has done nothing for a minute, as one that a pooler keeps when its run has died; null where that is not shown.
/// </param>
public sealed record LockHolder(int? Process, string Owner, DateTimeOffset? Since, bool? IsIdle);
