using System.Collections.Immutable;

namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>What makes one catalog another.</summary>
/// <param name="Statements">In an order in which they run.</param>
/// <param name="Left">What no statement mends, a sentence each.</param>
public sealed record MendPlan(ImmutableArray<MendStatement> Statements, ImmutableArray<string> Left);
