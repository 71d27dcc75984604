using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Certificates and keys from their text; what is wrong is said without quoting it.</summary>
internal static class Pem
{
    public static X509Certificate2Collection Certificates(string pem, string what)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? certificates : throw YamlFile.Invalid($"{what} holds no certificate in PEM");
    }

    /// <param name="certificates">The client's certificate, then what links it to its authority.</param>
    /// <param name="key">Its private key.</param>
    /// <param name="certificateName">For the refusal's words.</param>
    /// <param name="keyName">For the refusal's words.</param>
    public static ClientCertificate ClientCertificate(string certificates, string key, string certificateName, string keyName)
    {
        var chain = Certificates(certificates, certificateName);
        chain.RemoveAt(0);
        try
        {
            return new(X509Certificate2.CreateFromPem(certificates, key), chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The inner exception is left out: it is about key material.
            throw YamlFile.Invalid($"{keyName} is not an RSA or EC private key in PEM, or not that of {certificateName}");
        }
    }
}
