namespace SchemaGate.Operator;

/// <summary>How well the caches of one type follow the cluster.</summary>
/// <param name="Resource">The type's plural.</param>
/// <param name="Staleness">How long one of them may have been out of date.</param>
/// <param name="Restarts">How often listing or watching failed, and was begun anew.</param>
/// <param name="Objects">How many are known.</param>
internal sealed record InformerHealth(string Resource, TimeSpan Staleness, long Restarts, int Objects);
