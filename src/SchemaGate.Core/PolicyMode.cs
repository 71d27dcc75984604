namespace SchemaGate.Core;

/// <summary>What a policy does with what it is about.</summary>
public enum PolicyMode
{
    Block,
    Warn,
    Ignore,
}
