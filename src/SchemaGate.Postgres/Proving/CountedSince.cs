namespace SchemaGate.Postgres.Proving;

/// <summary>Since when a server counts statements.</summary>
/// <param name="At">As far as it says.</param>
/// <param name="IsSure">Whether it would say so had somebody reset the statistics of this database or these roles alone.</param>
/// <param name="Evicted">How often it has made room by dropping statements that ran seldom.</param>
public sealed record CountedSince(DateTimeOffset At, bool IsSure, long Evicted = 0);
