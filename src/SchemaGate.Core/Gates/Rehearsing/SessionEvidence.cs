using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>The sessions of a gate's database that code is known by.</summary>
/// <param name="Named">Which code gives which name; not empty.</param>
/// <param name="Open">The sessions that have one of these names, an entry for each name.</param>
public sealed record SessionEvidence(IReadOnlyList<NamedCode> Named, Evidence<IReadOnlyList<OpenSessions>> Open);
