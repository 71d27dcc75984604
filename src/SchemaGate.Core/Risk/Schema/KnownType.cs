using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>A type that a migration made.</summary>
internal abstract record KnownType(ObjectName Name, Moment Made);

/// <param name="Values">In their order.</param>
internal sealed record KnownEnum(ObjectName Name, Moment Made, ImmutableArray<KnownEnumValue> Values) : KnownType(Name, Made)
{
    /// <summary>Values that a type lacks which columns have taken instead.</summary>
    public ImmutableArray<string> Lost { get; init; } = [];
}

internal sealed record KnownEnumValue(string Label, Moment Made);

/// <param name="Type">The type that it is a domain of.</param>
/// <param name="IsConstrained">It has NOT NULL or a CHECK.</param>
internal sealed record KnownDomain(ObjectName Name, Moment Made, TypeName Type, bool IsConstrained) : KnownType(Name, Made);

/// <summary>Composite, range or base type.</summary>
internal sealed record KnownOtherType(ObjectName Name, Moment Made) : KnownType(Name, Made);

internal sealed record KnownFunction(ObjectName Name, Moment Made, FunctionVolatility Volatility);
