namespace SchemaGate.Tests.Gates.Model;

/// <summary>A promise that was not kept.</summary>
internal sealed class ModelException(string promise, string message) : Exception($"{promise}: {message}")
{
    public string Promise { get; } = promise;
}
