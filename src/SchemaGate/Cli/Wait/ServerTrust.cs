using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SchemaGate.Cli.Wait;

/// <summary>Whom a waiter trusts, and how it says who it is. Files are read anew each time: both are rotated under a running pod.</summary>
/// <param name="AuthorityFile">A PEM bundle; goes before <paramref name="AuthorityPem"/>.</param>
/// <param name="AuthorityPem">A PEM bundle; null trusts what the system trusts.</param>
/// <param name="TokenFile">A bearer token's file; null, or one that cannot be read, asks as nobody.</param>
internal sealed record ServerTrust(string? AuthorityFile, string? AuthorityPem, string? TokenFile)
{
    private const int LongestBundle = 1 << 20;
    private const int LongestToken = 16 << 10;

    /// <summary>In words, for a refusal.</summary>
    public string Source => this switch
    {
        { AuthorityFile: not null } => $"the authorities in {AuthorityFile}",
        { AuthorityPem: not null } => $"the authorities in {WaitCommand.AuthorityVariable}",
        _ => "the system's authorities; name SchemaGate's with --ca-file",
    };

    /// <exception cref="IOException">The authorities cannot be read; nobody else is trusted in their place.</exception>
    public SslClientAuthenticationOptions Tls()
    {
        SslClientAuthenticationOptions options = new();
        if ((AuthorityFile is null ? AuthorityPem : Text(AuthorityFile, LongestBundle)) is { } pem)
        {
            SystemAuthorities.LeaveOut();
            options.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // SchemaGate's own authority publishes no revocation lists.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates(pem));
        }

        return options;
    }

    /// <summary>Null where there is none that could be sent.</summary>
    public string? Token()
    {
        try
        {
            string token = TokenFile is null ? "" : Text(TokenFile, LongestToken).Trim();
            return token.Length > 0 && token.All(sign => sign is >= '!' and <= '~') ? token : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private X509Certificate2Collection Certificates(string pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? certificates : throw new IOException($"there is no certificate in PEM: {Source}");
    }

    private static string Text(string path, int longest)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] buffer = new byte[longest + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= longest
                ? Encoding.UTF8.GetString(buffer, 0, length)
                : throw new IOException($"{path} is larger than {longest >> 10} KiB");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
