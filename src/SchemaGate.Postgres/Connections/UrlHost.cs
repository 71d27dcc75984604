using System.Globalization;
using System.Net;

namespace SchemaGate.Postgres.Connections;

/// <summary>One server of a URL: a name, an address (IPv6 without brackets) or a socket directory, and a port.</summary>
internal sealed record UrlHost(string Host, int Port)
{
    private const int DefaultPort = 5432;

    public bool IsSocket => Host[0] is '/' or '@';

    /// <summary>As the driver and people write it.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) && !IsSocket ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>
    /// Reads <c>a:1,[::1]:2,c</c>; separate <c>host</c> and <c>port</c> parameters replace what the authority says (libpq, 34.1.1).
    /// </summary>
    public static IReadOnlyList<UrlHost> ReadAll(string authority, string? hosts, string? ports, DatabaseUrlOptions options)
    {
        List<(string Host, string Port)> written = authority.Split(',').Select(SplitPort).ToList();
        List<string> names = hosts?.Split(',').Select(Unbracketed).ToList() ?? written.ConvertAll(host => host.Host);
        List<string> numbers = ports?.Split(',').ToList() ?? written.ConvertAll(host => host.Port);
        if (numbers is [var shared])
        {
            return names.ConvertAll(name => Read(name, shared, options));
        }

        return numbers.Count == names.Count
            ? names.Zip(numbers, (name, number) => Read(name, number, options)).ToList()
            : throw new UrlProblemException("The URL must have one port, or one for each host.");
    }

    private static UrlHost Read(string host, string port, DatabaseUrlOptions options)
    {
        int number = DefaultPort;
        if (port.Length > 0
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535))
        {
            throw new UrlProblemException("The port is not a number between 1 and 65535. If it is a piece of the password, "
                + "percent-encode the password.");
        }

        UrlHost result = new(host.Length == 0 ? "localhost" : host, number);
        if (!options.AllowLocalFiles)
        {
            RefuseLocal(result);
        }

        bool isName = result.Host.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.');
        return isName || result.IsSocket || IPAddress.TryParse(result.Host, out _)
            ? result
            : throw new UrlProblemException(
                "The host is neither a name nor an address. If it is a piece of the password, percent-encode the password; "
                    + "put an IPv6 address in [brackets].");
    }

    private static void RefuseLocal(UrlHost host)
    {
        if (host.IsSocket)
        {
            throw new UrlProblemException("The URL's host is a socket directory, and here only a server on the network may be named.");
        }

        if (IPAddress.TryParse(host.Host.TrimEnd('.'), out IPAddress? address) && ClosedAddresses.Has(address))
        {
            throw new UrlProblemException("The URL's host is a link-local or metadata address, which is refused here.");
        }
    }

    private static (string Host, string Port) SplitPort(string written)
    {
        int colon = written.LastIndexOf(':');
        bool hasPort = colon > written.LastIndexOf(']');
        string host = UrlText.Decode(hasPort ? written[..colon] : written);
        return (Unbracketed(host), hasPort ? written[(colon + 1)..] : "");
    }

    private static string Unbracketed(string host) => host is ['[', .. var address, ']'] ? address : host;
}
