namespace SchemaGate.Kubernetes.Resources;

/// <summary>Anything with metadata. The API version and kind are the <see cref="ResourceType{T}"/>'s, and written by the client.</summary>
public interface IKubernetesObject
{
    ObjectMeta Metadata { get; }
}
