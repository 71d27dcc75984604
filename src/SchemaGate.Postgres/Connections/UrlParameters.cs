using System.Collections.Frozen;
using System.Globalization;

namespace SchemaGate.Postgres.Connections;

/// <summary>A URL's parameters by key, and every key that Prisma and libpq (PostgreSQL 18, 34.1.2) have.</summary>
internal sealed class UrlParameters
{
    /// <summary>Keys with a meaning here.</summary>
    private static readonly FrozenSet<string> Used = FrozenSet.Create(
        StringComparer.Ordinal,
        "schema", "host", "hostaddr", "port", "dbname", "user", "password", "passfile", "connect_timeout", "options", "pgbouncer",
        "sslmode", "sslaccept", "sslcert", "sslkey", "sslrootcert", "sslidentity", "sslpassword", "sslnegotiation", "requiressl",
        "channel_binding", "require_auth", "gssencmode", "krbsrvname", "target_session_attrs");

    /// <summary>Keys that tune a pool, a name or a timer which SchemaGate sets itself; leaving them out loses nothing.</summary>
    private static readonly FrozenSet<string> WithoutEffect = FrozenSet.Create(
        StringComparer.Ordinal,
        "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size", "max_connection_lifetime",
        "max_idle_connection_lifetime", "application_name", "fallback_application_name", "client_encoding", "keepalives", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "load_balance_hosts", "sslcompression", "sslsni", "sslcertmode",
        "ssl_max_protocol_version", "gsslib", "gssdelegation", "min_protocol_version", "max_protocol_version");

    /// <summary>Keys that promise something which would not be kept.</summary>
    private static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["service"] = "connection service files are not read: write the service's settings into the URL",
        ["servicefile"] = "connection service files are not read: write the service's settings into the URL",
        ["requirepeer"] = "the server's operating system user is not checked",
        ["sslcrl"] = "certificate revocation lists are not read",
        ["sslcrldir"] = "certificate revocation lists are not read",
        ["sslkeylogfile"] = "connection keys are written nowhere",
        ["ssl_min_protocol_version"] = "the system's TLS settings decide which versions are accepted",
        ["scram_client_key"] = "only passwords, certificates and Kerberos authenticate",
        ["scram_server_key"] = "only passwords, certificates and Kerberos authenticate",
        ["oauth_issuer"] = "only passwords, certificates and Kerberos authenticate",
        ["oauth_client_id"] = "only passwords, certificates and Kerberos authenticate",
        ["oauth_client_secret"] = "only passwords, certificates and Kerberos authenticate",
        ["oauth_scope"] = "only passwords, certificates and Kerberos authenticate",
        ["replication"] = "a replication connection cannot read a table",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> LocalFiles =
        FrozenSet.Create(StringComparer.Ordinal, "sslcert", "sslkey", "sslrootcert", "sslidentity", "passfile");

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    public UrlParameters(IReadOnlyList<(string Key, string Value)> pairs, DatabaseUrlOptions options)
    {
        for (int index = 0; index < pairs.Count; index++)
        {
            Add(pairs[index].Key, pairs[index].Value, index + 1, options);
        }
    }

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The last value of a key (as in Prisma and libpq), or null where it is absent or empty.</summary>
    public string? this[string key] => _values.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;

    public static bool IsKnown(string key) => Used.Contains(key) || WithoutEffect.Contains(key) || Refused.ContainsKey(key);

    /// <summary>A key's whole seconds, kept between 1 and <paramref name="most"/>; 0 asks for no limit and gets the most.</summary>
    public int Seconds(string key, int otherwise, int most)
    {
        if (this[key] is not { } text)
        {
            return otherwise;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            throw new UrlProblemException($"The URL's parameter {key} is not a number of seconds.");
        }

        return seconds == 0 ? most : Math.Min(seconds, most);
    }

    /// <summary>One of a key's values; an unknown value is refused.</summary>
    public T Choice<T>(string key, T otherwise, params (string Value, T Meaning)[] choices)
    {
        if (this[key] is not { } text)
        {
            return otherwise;
        }

        foreach ((string value, T meaning) in choices)
        {
            if (value == text)
            {
                return meaning;
            }
        }

        throw new UrlProblemException($"The URL's parameter {key} is none of {string.Join(", ", choices.Select(choice => choice.Value))}.");
    }

    public void Note(string sentence) => _notes.Add(sentence);

    private void Add(string key, string value, int position, DatabaseUrlOptions options)
    {
        if (Refused.TryGetValue(key, out string? why) && !IsHarmless(key, value))
        {
            throw new UrlProblemException($"The URL's parameter {key} cannot be used: {why}.");
        }

        if (!options.AllowLocalFiles && LocalFiles.Contains(key) && value.Length > 0 && !(key == "sslrootcert" && value == "system"))
        {
            throw new UrlProblemException($"The URL's parameter {key} names a file on this machine, which is refused here.");
        }

        if (Used.Contains(key))
        {
            _values[key] = value;
        }
        else if (!IsKnown(key))
        {
            Note($"The URL has an unknown parameter ({(LooksLikeKey(key) ? key : $"number {position}")}); it is ignored, "
                + "as Prisma ignores it.");
        }
    }

    private static bool IsHarmless(string key, string value) =>
        value.Length == 0
        || (key == "replication" && value is "false" or "off" or "no" or "0")
        || (key == "ssl_min_protocol_version" && value is "TLSv1" or "TLSv1.1" or "TLSv1.2");

    /// <summary>What does not look like a key may be a piece of a secret: it is not repeated.</summary>
    private static bool LooksLikeKey(string key) =>
        key.Length is > 1 and <= 32 && key.All(character => character is (>= 'a' and <= 'z') or '_');
}
