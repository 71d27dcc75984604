namespace SchemaGate.Oci;

/// <summary>How one caller speaks to a registry.</summary>
/// <param name="PlainHttp">Whether the registry speaks HTTP without TLS. Credentials then cross the network readable.</param>
/// <param name="Credentials">The caller's logins; null for none. A registry that lets anyone read is never sent them.</param>
public sealed record RegistryAccess(bool PlainHttp = false, RegistryCredentials? Credentials = null);
