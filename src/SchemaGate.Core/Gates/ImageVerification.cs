namespace SchemaGate.Core.Gates;

/// <summary>Whose signature an image needs before anything in it counts.</summary>
/// <param name="Keys">Public keys in PEM, each text with one or more; a signature by any of them suffices.</param>
/// <param name="SecretName">The Secret with more of them; null without one.</param>
/// <param name="SecretKey">Its key; null without a Secret.</param>
public sealed record ImageVerification(IReadOnlyList<string> Keys, string? SecretName = null, string? SecretKey = null)
{
    /// <summary>Whether this asks for no less than another one: each key is one of its, and the Secret is.</summary>
    public bool IsAsStrictAs(ImageVerification other) =>
        !Keys.Except(other.Keys, StringComparer.Ordinal).Any()
        && (SecretName is null || (SecretName, SecretKey) == (other.SecretName, other.SecretKey));
}
