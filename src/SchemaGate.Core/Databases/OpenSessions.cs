namespace SchemaGate.Core.Databases;

/// <summary>The open sessions of one database that have one <c>application_name</c>.</summary>
/// <param name="ApplicationName">As the server keeps it.</param>
/// <param name="Count">How many.</param>
/// <param name="Since">Since when the oldest is; null where the role that asked is not told (<c>pg_read_all_stats</c>).</param>
public sealed record OpenSessions(string ApplicationName, int Count, DateTimeOffset? Since);
