using System.Globalization;
using System.Text;

namespace SchemaGate.Postgres.Connections;

/// <summary>The parts of a URL's text, decoded; hosts still as written.</summary>
internal sealed record UrlText(
    string? User, string? Password, string Hosts, string? Database, IReadOnlyList<(string Key, string Value)> Parameters)
{
    private const int MaxLength = 8192;

    private const string Reserved =
        "The user name or the password has characters that must be percent-encoded: write # as %23, / as %2F, ? as %3F, @ as %40, : "
            + "as %3A and % as %25.";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Without its parts: one of them is the password.</summary>
    public override string ToString() => nameof(UrlText);

    public static UrlText Split(string text)
    {
        string rest = AfterScheme(text.Trim());
        int authorityEnd = IndexOrLength(rest, rest.AsSpan().IndexOfAny('/', '?', '#'));
        string authority = rest[..authorityEnd];
        int pathEnd = IndexOrLength(rest, rest.IndexOf('?', authorityEnd));
        string path = rest[authorityEnd..pathEnd];
        string query = pathEnd < rest.Length ? rest[(pathEnd + 1)..] : "";
        RefuseMisplacedReserved(rest, authority, path, query);

        int at = authority.LastIndexOf('@');
        string[] credentials = at < 0 ? [] : authority[..at].Split(':', 2);
        return new UrlText(
            NullIfEmpty(Decode(credentials.ElementAtOrDefault(0) ?? "")),
            NullIfEmpty(Decode(credentials.ElementAtOrDefault(1) ?? "")),
            authority[(at + 1)..],
            NullIfEmpty(Decode(path.Trim('/'))),
            Pairs(query));
    }

    /// <summary>Percent-decodes. A % without two hexadecimal digits stays (WHATWG URL, as Prisma has it; libpq would refuse).</summary>
    internal static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int index = 0; index < bytes.Length; index++)
        {
            bool isEncoded = bytes.AsSpan(index) is [(byte)'%', var high, var low, ..] && char.IsAsciiHexDigit((char)high)
                && char.IsAsciiHexDigit((char)low);
            bytes[length++] = isEncoded
                ? byte.Parse(bytes.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : bytes[index];
            index += isEncoded ? 2 : 0;
        }

        return Text(bytes.AsSpan(0, length));
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = StrictUtf8.GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new UrlProblemException("The URL has a zero byte (%00), which PostgreSQL cannot take.")
                : text;
        }
        catch (DecoderFallbackException)
        {
            throw new UrlProblemException("The URL has percent-encoded bytes that are not UTF-8.");
        }
    }

    private static string AfterScheme(string text)
    {
        if (text.Length == 0)
        {
            throw new UrlProblemException("The database URL is empty.");
        }

        if (text.Length > MaxLength || text.Any(char.IsControl))
        {
            throw new UrlProblemException(
                $"The database URL is longer than {MaxLength} characters, or has a line break or another control character in it.");
        }

        if (text[0] is '"' or '\'' or '`')
        {
            throw new UrlProblemException("The database URL is in quotation marks: leave them out.");
        }

        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? "" : text[..scheme].ToLowerInvariant()) switch
        {
            "postgres" or "postgresql" => text[(scheme + 3)..],
            "prisma" or "prisma+postgres" =>
                throw new UrlProblemException("The URL leads to Prisma's own service. SchemaGate needs the direct one, "
                    + "which begins with postgresql://."),
            "mysql" or "mariadb" or "sqlserver" or "mongodb" or "mongodb+srv" or "file" or "sqlite" =>
                throw new UrlProblemException("The URL is for another kind of database: SchemaGate reads PostgreSQL, "
                    + "whose URLs begin with postgresql://."),
            _ => throw new UrlProblemException("The database URL does not begin with postgresql:// or postgres://."),
        };
    }

    /// <summary>
    /// An unencoded # / ? or @ moves the border between password and host, so that a piece of the password would be taken for a host, a
    /// port or a database. An @ after the host's part is the sign of it.
    /// </summary>
    private static void RefuseMisplacedReserved(string rest, string authority, string path, string query)
    {
        if (rest.Contains('#', StringComparison.Ordinal))
        {
            throw new UrlProblemException("The URL has a #, which ends a URL. " + Reserved);
        }

        bool plain = authority.Length == 0 || authority.Contains('@', StringComparison.Ordinal);
        bool inQuery = query.Split('&').Any(pair =>
            pair.Contains('@', StringComparison.Ordinal)
            && !(plain && UrlParameters.IsKnown(pair.Split('=', 2) is [var key, _] ? key : "")));
        if (path.Contains('@', StringComparison.Ordinal) || inQuery)
        {
            throw new UrlProblemException(Reserved);
        }
    }

    private static List<(string Key, string Value)> Pairs(string query) => query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Decode(pair[0]), pair.Length > 1 ? Decode(Spaced(pair[0], pair[1])) : ""))
        .ToList();

    /// <summary>A + is a space to Prisma; libpq's two credentials are taken literally.</summary>
    private static string Spaced(string key, string value) => key is "user" or "password" ? value : value.Replace('+', ' ');

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static int IndexOrLength(string text, int index) => index < 0 ? text.Length : index;
}
