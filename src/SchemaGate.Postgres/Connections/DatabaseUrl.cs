using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SchemaGate.Postgres.Connections;

/// <summary>
/// A PostgreSQL URL as Prisma and libpq write it, checked and mapped. It holds credentials and gives none away:
/// neither its text nor a problem's repeats a user, a password or a value.
/// </summary>
public sealed class DatabaseUrl
{
    private const int DefaultConnectSeconds = 5;
    private const int MostConnectSeconds = 30;

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string _servers;

    private DatabaseUrl(NpgsqlConnectionStringBuilder settings, string servers, string? schema)
    {
        _settings = settings;
        _servers = servers;
        Schema = schema ?? "public";
        HasSchema = schema is not null;
    }

    /// <summary>The database's name; without one in the URL it is the user's (libpq, 34.1.2).</summary>
    public string Database => _settings.Database!;

    /// <summary>The schema that holds the history: <c>?schema=</c>, then <c>public</c>.</summary>
    public string Schema { get; }

    /// <summary>Whether the URL or its user chose the schema, so that Prisma sets <c>search_path</c> to it.</summary>
    public bool HasSchema { get; }

    /// <summary>Whether <c>pgbouncer=true</c> says that a transaction pooler stands between: good for reading, not for migrating.</summary>
    public bool UsesPooler { get; private init; }

    /// <summary>What was passed over, one sentence each, without values.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Beside the driver's settings, whose text form loses a line feed at a value's end.</summary>
    internal string? Password { get; private init; }

    internal TargetSessionAttributes TargetSession { get; private init; }

    /// <summary>The client's PKCS#12 file (<c>sslidentity</c>) and its password.</summary>
    internal (string Path, string? Password)? Identity { get; private init; }

    /// <summary>What tells two URLs' connections apart. It holds the password.</summary>
    internal string ConnectionKey => $"{_settings.ConnectionString};{TargetSession};{Identity};{Password}";

    /// <summary>Reads a URL. Never throws; a problem is one sentence that repeats nothing of the text but keys that are known.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out DatabaseUrl? url, [NotNullWhen(false)] out string? problem, DatabaseUrlOptions options)
    {
        (url, problem) = (null, null);
        try
        {
            url = Parse(UrlText.Split(text), options);
        }
        catch (UrlProblemException exception)
        {
            problem = exception.Message;
        }

        return url is not null;
    }

    /// <summary>The same database with another schema for the history.</summary>
    public DatabaseUrl WithSchema(string schema) => With(_settings, schema);

    /// <summary>Another database of the same server.</summary>
    internal DatabaseUrl WithDatabase(string database)
    {
        NpgsqlConnectionStringBuilder settings = Settings();
        settings.Database = database;
        return With(settings, HasSchema ? Schema : null);
    }

    private DatabaseUrl With(NpgsqlConnectionStringBuilder settings, string? schema) =>
        new(settings, _servers, schema)
        {
            UsesPooler = UsesPooler,
            Notes = Notes,
            Password = Password,
            TargetSession = TargetSession,
            Identity = Identity,
        };

    /// <summary><c>host:port/database?schema=…</c>, fit for people and logs.</summary>
    public override string ToString() => $"{_servers}/{Database}?schema={Schema}";

    /// <summary>A copy of the driver's settings, without the password.</summary>
    internal NpgsqlConnectionStringBuilder Settings() => new(_settings.ConnectionString);

    /// <summary>Server names for a sentence.</summary>
    internal string Servers => _servers;

    private static DatabaseUrl Parse(UrlText text, DatabaseUrlOptions options)
    {
        UrlParameters parameters = new(text.Parameters, options);
        string? user = parameters["user"] ?? text.User;
        if (user is null)
        {
            throw new UrlProblemException("The URL names no user: write postgresql://user:password@host/database.");
        }

        string database = parameters["dbname"] ?? text.Database ?? user;
        if ($"{user}{database}".Any(char.IsControl))
        {
            throw new UrlProblemException("The user or the database has a control character in it, "
                + "most likely the line feed that echo adds; encode the text without it.");
        }

        NpgsqlConnectionStringBuilder settings = new()
        {
            Username = user,
            Database = database,
            Timeout = parameters.Seconds("connect_timeout", DefaultConnectSeconds, MostConnectSeconds),
            ApplicationName = "schemagate",
            Enlist = false,
            NoResetOnClose = true,
        };
        IReadOnlyList<UrlHost> hosts = Hosts(text, parameters, options);
        SetHosts(settings, hosts);
        TlsSettings.Apply(parameters, settings);
        ApplySession(parameters, settings);
        return new DatabaseUrl(settings, string.Join(',', hosts), parameters["schema"])
        {
            UsesPooler = parameters["pgbouncer"] is "true" or "1",
            Notes = parameters.Notes,
            Password = parameters["password"] ?? text.Password,
            TargetSession = TargetOf(parameters, hosts.Count),
            Identity = parameters["sslidentity"] is { } path ? (path, parameters["sslpassword"]) : null,
        };
    }

    /// <summary>An address beside a name (<c>hostaddr</c>) only spares libpq a look-up; alone it is the host.</summary>
    private static IReadOnlyList<UrlHost> Hosts(UrlText text, UrlParameters parameters, DatabaseUrlOptions options) =>
        UrlHost.ReadAll(
            text.Hosts, parameters["host"] ?? (text.Hosts.Length == 0 ? parameters["hostaddr"] : null), parameters["port"], options);

    private static void SetHosts(NpgsqlConnectionStringBuilder settings, IReadOnlyList<UrlHost> hosts)
    {
        bool single = hosts.Count == 1;
        settings.Host = single ? hosts[0].Host : string.Join(',', hosts);
        settings.Port = hosts[0].Port;
        if (!hosts.Any(host => host.IsSocket))
        {
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 30, 10);
        }
    }

    private static void ApplySession(UrlParameters parameters, NpgsqlConnectionStringBuilder settings)
    {
        settings.Options = parameters["options"];
        settings.Passfile = parameters["passfile"];
        settings.KerberosServiceName = parameters["krbsrvname"] ?? "postgres";
        settings.GssEncryptionMode = parameters.Choice(
            "gssencmode", GssEncryptionMode.Disable, ("disable", GssEncryptionMode.Disable), ("prefer", GssEncryptionMode.Prefer),
            ("require", GssEncryptionMode.Require));
        settings.RequireAuth = parameters["require_auth"] is { } methods
            ? string.Join(',', methods.Split(',').Select(AuthenticationMethod))
            : null;
    }

    /// <summary>libpq's name of a method, perhaps negated by !, in the driver's words.</summary>
    private static string AuthenticationMethod(string name) => (name.StartsWith('!') ? "!" : "") + name.TrimStart('!') switch
    {
        "password" => "Password",
        "md5" => "MD5",
        "gss" => "GSS",
        "sspi" => "SSPI",
        "scram-sha-256" => "ScramSHA256",
        "none" => "None",
        _ => throw new UrlProblemException("The URL's parameter require_auth names an unknown method."),
    };

    /// <summary>Of several servers the primary is asked first: a standby is not evidence.</summary>
    private static TargetSessionAttributes TargetOf(UrlParameters parameters, int hosts) => parameters.Choice(
        "target_session_attrs",
        hosts > 1 ? TargetSessionAttributes.PreferPrimary : TargetSessionAttributes.Any,
        ("any", TargetSessionAttributes.Any),
        ("read-write", TargetSessionAttributes.ReadWrite),
        ("read-only", TargetSessionAttributes.ReadOnly),
        ("primary", TargetSessionAttributes.Primary),
        ("standby", TargetSessionAttributes.Standby),
        ("prefer-standby", TargetSessionAttributes.PreferStandby));
}
