using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>One caller's view of one image.</summary>
/// <param name="Reference">The image.</param>
/// <param name="Access">How its registry is spoken to.</param>
/// <param name="Repository">What tells its repository from all others.</param>
/// <param name="Identity">Who the caller is to the registry.</param>
internal sealed record ImageReading(ImageReference Reference, RegistryAccess Access, string Repository, string Identity)
{
    /// <summary>Whose share of the memory it takes.</summary>
    public string Tenant { get; init; } = "";
}
