using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Oci;

/// <summary>Where a client may connect to, and whose certificates it trusts.</summary>
public sealed class RegistryOptions
{
    /// <param name="allowedHosts">The only hosts that are asked, as registries, as their token services and as where they
    /// redirect to: <c>registry.example.com</c> (its standard port), <c>registry.example.com:5000</c>, <c>*.example.com</c>
    /// (any name below that one). Empty for every host. A refusal names its host: for Docker Hub that is docker.io, then
    /// auth.docker.io, then where its blobs are.</param>
    /// <param name="authoritiesPem">Certificates in PEM that are trusted beside the system's; null for none.</param>
    /// <exception cref="OciException">Invalid: the message says which pattern, or that there is no certificate.</exception>
    public RegistryOptions(IReadOnlyCollection<string>? allowedHosts = null, string? authoritiesPem = null)
    {
        AllowedHosts = AllowedHosts.Parse(allowedHosts ?? []);
        Authorities = authoritiesPem is null ? [] : ReadAuthorities(authoritiesPem);
    }

    /// <summary>Whether an address's host may be connected to.</summary>
    public bool Allows(Uri address) => AllowedHosts.Allows(address);

    /// <summary>
    /// Connects as to registries, for what is none: not to link-local and metadata addresses (an <see cref="OciException"/> within the
    /// request's own), with the trusted certificates, following no redirect.
    /// </summary>
    public HttpMessageHandler GuardedHandler() => GuardedConnection.Handler(Authorities);

    internal AllowedHosts AllowedHosts { get; }

    internal X509Certificate2Collection Authorities { get; }

    private static X509Certificate2Collection ReadAuthorities(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException fault)
        {
            throw new OciException(
                OciFailure.Invalid, "the authorities hold a certificate that cannot be read; mend the PEM text", fault);
        }

        return certificates.Count > 0 ? certificates
            : throw new OciException(
                OciFailure.Invalid, "the authorities hold no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
}
