using Npgsql;

namespace SchemaGate.Postgres.Connections;

/// <summary>
/// The TLS keys of both dialects. Prisma: <c>sslmode</c> disable, prefer (default) or require; certificates are verified only by
/// <c>sslaccept=strict</c>; <c>sslcert</c> is the root certificate, <c>sslidentity</c> the client's PKCS#12 file. libpq: also allow,
/// verify-ca and verify-full; <c>sslcert</c> is the client's certificate, which shows by <c>sslkey</c> or <c>sslrootcert</c> beside it.
/// Where the two differ in strictness, the stricter reading holds.
/// </summary>
internal static class TlsSettings
{
    public static void Apply(UrlParameters parameters, NpgsqlConnectionStringBuilder settings)
    {
        bool isLibpq = parameters["sslkey"] is not null || parameters["sslrootcert"] is not null;
        string? root = isLibpq ? parameters["sslrootcert"] : parameters["sslcert"];
        settings.SslMode = Mode(parameters, root);
        settings.SslNegotiation = parameters.Choice(
            "sslnegotiation", SslNegotiation.Postgres, ("postgres", SslNegotiation.Postgres), ("direct", SslNegotiation.Direct));
        settings.ChannelBinding = parameters.Choice(
            "channel_binding", ChannelBinding.Prefer, ("disable", ChannelBinding.Disable), ("prefer", ChannelBinding.Prefer),
            ("require", ChannelBinding.Require));
        if (settings.SslNegotiation == SslNegotiation.Direct && settings.SslMode < SslMode.Require)
        {
            throw new UrlProblemException("The URL's sslnegotiation=direct needs sslmode=require or stricter.");
        }

        if (root is not null and not "system" && settings.SslMode >= SslMode.VerifyCA)
        {
            settings.RootCertificate = root;
        }

        if (isLibpq)
        {
            settings.SslCertificate = parameters["sslcert"];
            settings.SslKey = parameters["sslkey"];
            settings.SslPassword = parameters["sslpassword"];
        }
    }

    private static SslMode Mode(UrlParameters parameters, string? root)
    {
        SslMode stated = parameters["sslmode"] switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            "prefer" => SslMode.Prefer,
            null => parameters["requiressl"] == "1" ? SslMode.Require : SslMode.Prefer,
            _ => Unknown(parameters),
        };
        bool verifies = parameters["sslaccept"] is not (null or "accept_invalid_certs") || root == "system";
        return stated switch
        {
            not SslMode.Disable when verifies => SslMode.VerifyFull,
            SslMode.Require when parameters["sslrootcert"] is not null => SslMode.VerifyCA,
            _ => stated,
        };
    }

    private static SslMode Unknown(UrlParameters parameters)
    {
        parameters.Note("The URL's sslmode is unknown; it counts as prefer, as it does to Prisma.");
        return SslMode.Prefer;
    }
}
