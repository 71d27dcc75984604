using Npgsql;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Tests.Postgres;

public sealed class DatabaseUrlTests
{
    private static DatabaseUrl Parse(string text, DatabaseUrlOptions? options = null)
    {
        Assert.True(DatabaseUrl.TryParse(text, out DatabaseUrl? url, out string? problem, options ?? DatabaseUrlOptions.Operator), problem);
        return url!;
    }

    private static string Problem(string text, DatabaseUrlOptions? options = null)
    {
        Assert.False(DatabaseUrl.TryParse(text, out _, out string? problem, options ?? DatabaseUrlOptions.Operator));
        return problem!;
    }

    [Fact]
    public void A_plain_url_has_its_parts()
    {
        DatabaseUrl url = Parse("postgresql://app:pw@db.example.com:6543/shop?schema=sales\n");
        NpgsqlConnectionStringBuilder settings = url.Settings();
        Assert.Equal(("app", "pw", "db.example.com", 6543), (settings.Username, url.Password, settings.Host, settings.Port));
        Assert.Equal(("shop", "sales", "db.example.com:6543/shop?schema=sales"), (url.Database, url.Schema, url.ToString()));
    }

    [Fact]
    public void Defaults_are_port_5432_the_users_database_and_public()
    {
        DatabaseUrl url = Parse("postgres://app@db");
        Assert.Equal("db:5432/app?schema=public", url.ToString());
        Assert.False(url.HasSchema);
    }

    [Fact]
    public void Another_schema_can_be_chosen() =>
        Assert.Equal("db:5432/app?schema=other", Parse("postgres://app@db?schema=first").WithSchema("other").ToString());

    [Theory]
    [InlineData("", SslMode.Prefer)]
    [InlineData("sslmode=disable", SslMode.Disable)]
    [InlineData("sslmode=allow", SslMode.Allow)]
    [InlineData("sslmode=require", SslMode.Require)]
    [InlineData("sslmode=require&sslaccept=accept_invalid_certs", SslMode.Require)]
    [InlineData("sslmode=require&sslaccept=strict", SslMode.VerifyFull)]
    [InlineData("sslaccept=whatever", SslMode.VerifyFull)]
    [InlineData("sslmode=disable&sslaccept=strict", SslMode.Disable)]
    [InlineData("sslmode=verify-ca", SslMode.VerifyCA)]
    [InlineData("sslmode=verify-full", SslMode.VerifyFull)]
    [InlineData("sslmode=nonsense", SslMode.Prefer)]
    [InlineData("requiressl=1", SslMode.Require)]
    [InlineData("sslrootcert=system", SslMode.VerifyFull)]
    public void Both_dialects_say_how_strict_tls_is(string query, SslMode mode) =>
        Assert.Equal(mode, Parse($"postgres://u@h/d?{query}").Settings().SslMode);

    [Fact]
    public void Sslcert_is_the_root_to_prisma_and_the_clients_certificate_beside_sslkey()
    {
        NpgsqlConnectionStringBuilder prisma = Parse(
            "postgres://u@h/d?sslcert=ca.pem&sslaccept=strict", DatabaseUrlOptions.CommandLine).Settings();
        Assert.Equal(("ca.pem", null), (prisma.RootCertificate, prisma.SslCertificate));
        NpgsqlConnectionStringBuilder libpq = Parse(
            "postgres://u@h/d?sslcert=c.pem&sslkey=k.pem&sslrootcert=ca.pem&sslmode=require", DatabaseUrlOptions.CommandLine).Settings();
        Assert.Equal(
            ("ca.pem", "c.pem", "k.pem", SslMode.VerifyCA), (libpq.RootCertificate, libpq.SslCertificate, libpq.SslKey, libpq.SslMode));
    }

    [Theory]
    [InlineData("sslcert=/etc/passwd")]
    [InlineData("sslidentity=/id.p12")]
    [InlineData("sslkey=/k")]
    [InlineData("sslrootcert=/ca")]
    [InlineData("passfile=/root/.pgpass")]
    [InlineData("host=/var/run/postgresql")]
    [InlineData("host=@abstract")]
    public void The_operator_refuses_what_reaches_its_disk_or_sockets(string query)
    {
        Assert.Contains("refused here", Problem($"postgres://u:p@h/d?{query}").Replace(
            "only a server on the network may be named", "refused here", StringComparison.Ordinal), StringComparison.Ordinal);
        Parse($"postgres://u:p@h/d?{query}", DatabaseUrlOptions.CommandLine);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.254.")]
    [InlineData("2852039166")]
    [InlineData("0xa9fea9fe")]
    [InlineData("[fe80::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[fd00:ec2::23]")]
    [InlineData("[fd20:ce::254]")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("[::ffff:168.63.129.16]")]
    [InlineData("[::169.254.169.254]")]
    [InlineData("[64:ff9b::a9fe:a9fe]")]
    [InlineData("[64:ff9b:1:a9fe:a9:fe00::]")]
    [InlineData("[64:ff9b:1:aba9:fe:a9fe::]")]
    [InlineData("[64:ff9b:1:abcd:a9:fea9:fe00:0]")]
    [InlineData("[64:ff9b:1:abcd:1:0:a9fe:a9fe]")]
    [InlineData("[2002:a9fe:a9fe::1]")]
    [InlineData("good,169.254.1.1:80")]
    [InlineData("%31%36%39.254.169.254")]
    public void The_operator_refuses_link_local_and_metadata_addresses(string host) =>
        Assert.Contains("link-local", Problem($"postgres://u:p@{host}/d"), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[a9fe:a9fe::1]")]
    [InlineData("[fd00:ec3::1]")]
    [InlineData("[64:ff9b::a00:1]")]
    [InlineData("[64:ff9b:1::a00:1]")]
    [InlineData("[2002:a00:1::1]")]
    public void Other_addresses_are_not_refused(string host) => Parse($"postgres://u:p@{host}/d", DatabaseUrlOptions.Operator);

    [Theory]
    [InlineData("postgres://user:pa#ss@host/db")]
    [InlineData("postgres://user:12#4@host/db")]
    [InlineData("postgres://user:pa/ss@host/db")]
    [InlineData("postgres://user:12/4@host/db")]
    [InlineData("postgres://user:12?4@host/db")]
    [InlineData("postgres://user:p@a/b@host/db")]
    [InlineData("postgres://user:p@a?b@host/db")]
    public void An_unencoded_password_is_named_as_the_cause(string text) =>
        Assert.Contains("percent-encode", Problem(text), StringComparison.Ordinal);

    [Fact]
    public void An_unencoded_at_sign_before_the_last_one_belongs_to_the_password() =>
        Assert.Equal("p@ss", Parse("postgres://user:p@ss@host/db").Password);

    [Fact]
    public void A_percent_sign_that_encodes_nothing_stays() =>
        Assert.Equal("100%", Parse("postgres://user:100%@host/db").Password);

    [Theory]
    [InlineData("prisma://accelerate.prisma-data.net/?api_key=x", "Prisma's own service")]
    [InlineData("prisma+postgres://localhost:51213/?api_key=x", "Prisma's own service")]
    [InlineData("mysql://u:p@h/d", "another kind")]
    [InlineData("file:./dev.db", "does not begin")]
    [InlineData("host=h dbname=d", "does not begin")]
    [InlineData("\"postgres://u:p@h/d\"", "quotation marks")]
    [InlineData("", "empty")]
    [InlineData("postgres://h/d", "no user")]
    [InlineData("postgres://u@h:99999/d", "port")]
    [InlineData("postgres://u:%00@h/d", "zero byte")]
    [InlineData("postgres://u:%ff@h/d", "UTF-8")]
    [InlineData("postgres://u:p@h/d?service=x", "service")]
    [InlineData("postgres://u:p@h/d?replication=database", "replication")]
    [InlineData("postgres://u:p@h/d?ssl_min_protocol_version=TLSv1.3", "ssl_min_protocol_version")]
    [InlineData("postgres://u:p@h/d?channel_binding=maybe", "channel_binding")]
    [InlineData("postgres://u:p@h/d?require_auth=magic", "require_auth")]
    [InlineData("postgres://u:p@h/d?connect_timeout=soon", "connect_timeout")]
    [InlineData("postgres://u:p@h/d?sslnegotiation=direct", "sslmode=require")]
    public void What_cannot_be_used_is_said_in_words(string text, string words) =>
        Assert.Contains(words, Problem(text), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_parameter_is_ignored_and_noted_without_its_value()
    {
        DatabaseUrl url = Parse("postgres://u:p@h/d?connection_limit=5&foo=hunter2&Hunter2=x");
        Assert.Equal(2, url.Notes.Count);
        Assert.Contains("(foo)", url.Notes[0], StringComparison.Ordinal);
        Assert.Contains("(number 3)", url.Notes[1], StringComparison.Ordinal);
        Assert.DoesNotContain("unter2", string.Concat(url.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:p@a:1,b:2,c/d", "a:1,b:2,c:5432")]
    [InlineData("postgres://u:p@[::1]:7,b/d", "[::1]:7,b:5432")]
    [InlineData("postgres://u:p@a,b/d?port=7", "a:7,b:7")]
    [InlineData("postgres:///d?host=a,b&port=1,2&user=u", "a:1,b:2")]
    [InlineData("postgres:///d?hostaddr=10.0.0.1&user=u", "10.0.0.1:5432")]
    [InlineData("postgres://u@h/d?hostaddr=10.0.0.1", "h:5432")]
    [InlineData("postgres://u@localhost:5433/d?host=/run/pg", "/run/pg:5433")]
    public void Several_hosts_and_host_parameters_are_understood(string text, string servers) =>
        Assert.StartsWith(servers + "/d?", Parse(text, DatabaseUrlOptions.CommandLine).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Of_several_hosts_the_primary_is_preferred()
    {
        Assert.Equal(TargetSessionAttributes.PreferPrimary, Parse("postgres://u:p@a,b/d").TargetSession);
        Assert.Equal(TargetSessionAttributes.ReadWrite, Parse("postgres://u:p@a,b/d?target_session_attrs=read-write").TargetSession);
        Assert.Equal(TargetSessionAttributes.Any, Parse("postgres://u:p@a/d").TargetSession);
    }

    [Theory]
    [InlineData("", 5)]
    [InlineData("connect_timeout=2", 2)]
    [InlineData("connect_timeout=0", 30)]
    [InlineData("connect_timeout=900", 30)]
    public void A_connection_attempt_is_bounded(string query, int seconds) =>
        Assert.Equal(seconds, Parse($"postgres://u:p@h/d?{query}").Settings().Timeout);

    [Theory]
    [InlineData("scram-sha-256,md5", "ScramSHA256,MD5")]
    [InlineData("!password,!none", "!Password,!None")]
    public void Authentication_methods_have_libpqs_names(string methods, string settings) =>
        Assert.Equal(settings, Parse($"postgres://u:p@h/d?require_auth={methods}").Settings().RequireAuth);

    [Fact]
    public void The_keys_of_a_pooler_and_a_session_are_understood()
    {
        DatabaseUrl url =
            Parse("postgres://u:p@h/d?pgbouncer=true&statement_cache_size=0&options=-c%20geqo%3Doff&application_name=a@b&keepalives=1");
        Assert.True(url.UsesPooler);
        Assert.Empty(url.Notes);
        Assert.Equal("-c geqo=off", url.Settings().Options);
    }
}
