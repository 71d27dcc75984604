using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;

namespace SchemaGate.Evidence;

/// <summary>Which schema is to be compared with what.</summary>
/// <param name="Step">What it is compared with.</param>
/// <param name="Url">The database's URL; it is never quoted.</param>
/// <param name="Spec">The gate's.</param>
/// <param name="State">The database as it was when the step was decided.</param>
/// <param name="Tenant">Who reads.</param>
internal sealed record DriftQuestion(DriftStep.Compare Step, string Url, GateSpec Spec, DatabaseState State, string Tenant);
