using Microsoft.Extensions.Logging;
using SchemaGate.Kubernetes;

namespace SchemaGate.Operator;

/// <summary>What the parts of one operator process share.</summary>
/// <param name="Options">How it runs.</param>
/// <param name="Client">The API server; in the leader's hands it refuses writes once this process leads no more.</param>
/// <param name="Key">Seals records.</param>
/// <param name="Loggers">Makes the log.</param>
/// <param name="Time">The time.</param>
internal sealed record Replica(OperatorOptions Options, KubernetesClient Client, SealKey Key, ILoggerFactory Loggers, TimeProvider Time)
{
    /// <summary>
    /// Whether the API server has scheduling gates and match conditions, and cannot have them switched off: from 1.30 on. Before, it might
    /// drop such a field, and start the pod.
    /// </summary>
    public bool HasPodGates { get; init; }

    /// <summary>The process's own log.</summary>
    public ILogger Log { get; } = Loggers.CreateLogger("SchemaGate.Operator");
}
