using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Postgres.Connections;

namespace SchemaGate.Tests.Postgres;

public sealed class DatabaseUrlPropertyTests
{
    private const string Secret = "S3cr3tZ";

    private static readonly string[] Pieces =
    [
        "postgres://", "postgresql://", "prisma://", "://", ":", "@", "/", "?", "#", "&", "=", "%", "%4", "%40", "%00", "%ff", "[", "]",
        ",", "\n", "\0", " ", "é", "𝒳", "host", "5432", "db", "::1", "169.254.169.254", "sslmode=", "schema=", "host=/tmp", "port=",
        "require_auth=", "sslnegotiation=direct", "connect_timeout=", "target_session_attrs=", "sslcert=", "options=", Secret, Secret,
        Secret,
    ];

    private static Arbitrary<string> Urls =>
        Gen.Elements(Pieces).ArrayOf().Select(pieces => string.Concat(pieces))
            .SelectMany(tail => Gen.Elements("", "postgres://", $"postgres://u:{Secret}").Select(head => head + tail)).ToArbitrary();

    [Fact]
    public void No_text_makes_the_parser_throw_or_a_problem_repeat_a_secret() => Prop.ForAll(Urls, text =>
    {
        bool parsed = DatabaseUrl.TryParse(text, out DatabaseUrl? url, out string? problem, DatabaseUrlOptions.Operator);
        return parsed == (problem is null) && !$"{problem}{string.Concat(url?.Notes ?? [])}".Contains(Secret, StringComparison.Ordinal);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void An_encoded_password_comes_back_and_never_shows() => Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), password =>
    {
        if (password.Get.Any(character => character == '\0' || char.IsSurrogate(character)))
        {
            return true;
        }

        string secret = Secret + password.Get;
        return DatabaseUrl.TryParse(
            $"postgres://u:{Uri.EscapeDataString(secret)}@h/d", out DatabaseUrl? url, out _, DatabaseUrlOptions.Operator)
            && url.Password == secret
            && !url.ToString().Contains(Secret, StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("postgres://u:secret%00@h/d")]
    [InlineData("postgres://u%0A:secret@h/d")]
    [InlineData("postgres://u%00:secret@h/d")]
    [InlineData("postgres://u:secret@h/d%7F")]
    public void A_control_character_is_refused_in_words(string text)
    {
        Assert.False(DatabaseUrl.TryParse(text, out _, out string? problem, DatabaseUrlOptions.Operator));
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_password_of_any_characters_is_taken_or_refused_but_never_becomes_a_host() => Prop.ForAll(
        Gen.Elements("abc#/?@:%&=[],12".ToCharArray()).ArrayOf().Select(characters => new string(characters)).ToArbitrary(),
        password => !DatabaseUrl.TryParse($"postgres://u:{password}@host/db", out DatabaseUrl? url, out _, DatabaseUrlOptions.Operator)
            || url.ToString() == "host:5432/db?schema=public").Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
