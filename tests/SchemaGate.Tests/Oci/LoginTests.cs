using System.Net;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>Who is shown which credentials, and who is not.</summary>
public sealed class LoginTests : IDisposable
{
    private const string Scope = "scope=repository%3Ashop%2Fschema%3Apull";
    private const string Bearer = """Bearer realm="https://auth.test/token?x=1",service="registry test",scope="repository:other:push" """;

    private static readonly RegistryAccess User = Access("""{"username":"user","password":"password"}""");

    private readonly FakeRegistry registry = new();
    private readonly Digest digest;

    public LoginTests() => digest = registry.Push(Archive.Tar(("a", "1")));

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task A_password_is_shown_only_when_asked_for()
    {
        Assert.Single((await registry.ReadAsync(digest, access: User)).Files);
        Assert.All(registry.Authorizations, sent => Assert.Equal("-", sent));
        registry.Fault = Demand("Basic realm=x", "Basic dXNlcjpwYXNzd29yZA==");
        Assert.Single((await registry.ReadAsync(digest, access: User)).Files);
        Assert.Equal(["-", "Basic dXNlcjpwYXNzd29yZA==", "Basic dXNlcjpwYXNzd29yZA=="], registry.Authorizations[2..]);
    }

    [Fact]
    public async Task A_token_is_asked_for_to_pull_this_repository_and_kept_until_it_expires()
    {
        var time = new Kubernetes.ManualTime();
        using var client = new RegistryClient(time, new RegistryOptions(), registry, new RegistryLimits());
        registry.Fault = request => Token(request, """{"token":"t1","expires_in":100}""") ?? Demand(Bearer, "Bearer t1")(request);
        foreach (var seconds in (int[])[0, 89, 2])
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            await client.ReadFilesAsync(FakeRegistry.Image, digest, _ => true, User, TestContext.Current.CancellationToken);
        }

        var asked = registry.Requests.Index().Where(request => request.Item.Contains("auth.test", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, asked.Length);
        Assert.Equal($"GET https://auth.test/token?x=1&{Scope}&service=registry%20test", asked[0].Item);
        Assert.Equal("Basic dXNlcjpwYXNzd29yZA==", registry.Authorizations[asked[0].Index]);
    }

    [Fact]
    public async Task A_public_repository_behind_a_token_service_is_read_without_a_login()
    {
        registry.Fault = request => Token(request, """{"access_token":"t"}""") ?? Demand(Bearer, "Bearer t")(request);
        Assert.Equal("a=1", await registry.TextAsync(digest));
        Assert.Equal(["-", "-", "Bearer t", "Bearer t"], registry.Authorizations);
    }

    [Fact]
    public async Task A_token_that_one_login_got_is_not_anothers()
    {
        using var client = registry.Client();
        registry.Fault = request => Token(request, """{"token":"t"}""") ?? Demand(Bearer, "Bearer t")(request);
        await client.CheckAsync(FakeRegistry.Image, digest, User, TestContext.Current.CancellationToken);
        registry.Fault = request => Token(request, "", HttpStatusCode.Unauthorized) ?? Demand(Bearer, "Bearer t")(request);
        foreach (var other in (RegistryAccess[])[new(), Access("""{"username":"user","password":"wrong"}""")])
        {
            var fault = await Assert.ThrowsAsync<OciException>(
                () => client.CheckAsync(FakeRegistry.Image, digest, other, TestContext.Current.CancellationToken));
            Assert.Equal(OciFailure.Denied, fault.Kind);
        }
    }

    [Fact]
    public async Task A_token_that_the_registry_no_longer_takes_is_replaced_once()
    {
        using var client = registry.Client();
        var number = 0;
        registry.Fault = request => Token(request, $$"""{"token":"t{{++number}}"}""")
            ?? Demand(Bearer, $"Bearer t{(number < 2 ? 1 : 2)}")(request);
        await client.CheckAsync(FakeRegistry.Image, digest, User, TestContext.Current.CancellationToken);
        number = 1;
        registry.Fault = request => Token(request, """{"token":"t2"}""") ?? Demand(Bearer, "Bearer t2")(request);
        await client.CheckAsync(FakeRegistry.Image, digest, User, TestContext.Current.CancellationToken);
        registry.Fault = request => Token(request, $$"""{"token":"x{{++number}}"}""") ?? Demand(Bearer, "nothing")(request);
        registry.Requests.Clear();
        await registry.FailAsync(digest, OciFailure.Denied);
        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_and_never_shown_to_the_registry()
    {
        var form = "";
        registry.Fault = request =>
        {
            form += request.Content?.ReadAsStringAsync().GetAwaiter().GetResult();
            return Token(request, """{"access_token":"t"}""") ?? Demand(Bearer, "Bearer t")(request);
        };
        var access = Access("""{"username":"user","identitytoken":"id/1"}""");
        Assert.Single((await registry.ReadAsync(digest, access: access)).Files);
        Assert.Equal($"{Scope}&service=registry+test&grant_type=refresh_token&client_id=schemagate&refresh_token=id%2F1", form);
        Assert.Equal(["-", "-", "Bearer t", "Bearer t"], registry.Authorizations);
    }

    [Fact]
    public async Task A_registry_token_is_shown_as_it_is()
    {
        registry.Fault = Demand(Bearer, "Bearer given");
        Assert.Single((await registry.ReadAsync(digest, access: Access("""{"registrytoken":"given"}"""))).Files);
        Assert.DoesNotContain(registry.Requests, request => request.Contains("auth.test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_login_for_the_image_is_tried_when_the_first_is_refused()
    {
        registry.Fault = Demand("Basic realm=x", "Basic dXNlcjpwYXNzd29yZA==");
        var access = new RegistryAccess(Credentials: RegistryCredentialsTests.Parse(
            RegistryCredentialsTests.Config(("registry.test", "user"), ("registry.test/shop", "shop"))));
        Assert.Single((await registry.ReadAsync(digest, access: access)).Files);
        Assert.Equal("Basic c2hvcDpwYXNzd29yZA==", registry.Authorizations[1]);
    }

    [Theory]
    [InlineData("http://auth.test/token", OciFailure.Denied, "auth.test is on plain HTTP")]
    [InlineData("http://registry.test/token", OciFailure.Denied, "plain HTTP")]
    [InlineData("https://user:secret@auth.test/", OciFailure.Invalid, "no address")]
    [InlineData("file:///secret", OciFailure.Invalid, "no address")]
    [InlineData("/secret", OciFailure.Invalid, "no address")]
    public async Task A_token_service_that_no_password_may_go_to_gets_none(string realm, OciFailure kind, string words)
    {
        registry.Fault = Demand($"Bearer realm=\"{realm}\"", "nothing");
        var fault = await Assert.ThrowsAsync<OciException>(() => registry.ReadAsync(digest, access: User));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.All(registry.Authorizations, sent => Assert.Equal("-", sent));
        Assert.DoesNotContain(registry.Requests, request => request.Contains("token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://registry.test:5001/token", true)]
    [InlineData("http://auth.test/token", false)]
    public async Task A_registry_on_plain_HTTP_may_have_its_token_service_beside_it(string realm, bool permitted)
    {
        using var client = registry.Client();
        registry.Fault = request => request.RequestUri!.AbsolutePath == "/token"
            ? FakeRegistry.Answer(HttpStatusCode.OK, """{"token":"t"}""")
            : Demand($"Bearer realm=\"{realm}\"", "Bearer t")(request);
        var asking = client.CheckAsync(FakeRegistry.Image, digest, new(PlainHttp: true), TestContext.Current.CancellationToken);
        Assert.Equal(permitted, await Record.ExceptionAsync(() => asking) is null);
    }

    [Theory]
    [InlineData("https://storage.test/a")]
    [InlineData("https://registry.test:444/a")]
    [InlineData("https://registry.test.evil.test/a")]
    public async Task A_redirect_to_another_host_carries_no_authorization(string location)
    {
        registry.Fault = request => request.RequestUri!.AbsolutePath == "/a" ? FakeRegistry.Answer(HttpStatusCode.Forbidden)
            : Demand("Basic realm=x", "Basic dXNlcjpwYXNzd29yZA==")(request)
            ?? (request.RequestUri.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal) ? FakeRegistry.Redirect(location) : null);
        await Assert.ThrowsAsync<OciException>(() => registry.ReadAsync(digest, access: User));
        Assert.Equal($"GET {location}", registry.Requests[^1]);
        Assert.Equal("-", registry.Authorizations[^1]);
        Assert.StartsWith("Basic ", registry.Authorizations[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_host_that_a_redirect_leads_to_is_not_logged_in_to()
    {
        registry.Fault = request => request.RequestUri!.Host == "evil.test"
            ? Demand("Basic realm=x", "nothing")(request) : FakeRegistry.Redirect("https://evil.test/a");
        await Assert.ThrowsAsync<OciException>(() => registry.ReadAsync(digest, access: User));
        Assert.All(registry.Authorizations, sent => Assert.Equal("-", sent));
    }

    [Theory]
    [InlineData("""{"token":""}""", HttpStatusCode.OK, OciFailure.Invalid, "sent no token")]
    [InlineData("secret", HttpStatusCode.OK, OciFailure.Invalid, "sent no token")]
    [InlineData("""{"token":"secret\r\nX: y"}""", HttpStatusCode.OK, OciFailure.Invalid, "sent no token")]
    [InlineData(
        "", HttpStatusCode.Unauthorized, OciFailure.Denied, "does not accept the credentials given for registry.test (401); renew them")]
    [InlineData("", HttpStatusCode.Redirect, OciFailure.Invalid, "answered 302")]
    [InlineData("", HttpStatusCode.BadGateway, OciFailure.Unreachable, "ask later")]
    public async Task A_token_service_that_gives_no_token_is_explained(string body, HttpStatusCode status, OciFailure kind, string words)
    {
        registry.Fault = request => Token(request, body, status) ?? Demand(Bearer, "nothing")(request);
        var fault = await Assert.ThrowsAsync<OciException>(() => registry.ReadAsync(digest, access: User));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_longer_than_a_header_is_not_read()
    {
        registry.Fault = request => Token(request, $$"""{"token":"{{new string('t', 70_000)}}"}""") ?? Demand(Bearer, "nothing")(request);
        await registry.FailAsync(digest, OciFailure.Invalid);
    }

    [Theory]
    [InlineData("Basic realm=x", null, OciFailure.Denied, "without a login (401), and there are no credentials for it")]
    [InlineData(
        "Basic realm=x", """{"username":"user","password":"wrong"}""", OciFailure.Denied, "with the credentials given for it (401)")]
    [InlineData("Basic realm=x", """{"identitytoken":"secret"}""", OciFailure.Denied, "with the credentials given for it (401)")]
    [InlineData("Negotiate", """{"username":"user","password":"secret"}""", OciFailure.Unsupported, "with \"Negotiate\" before")]
    public async Task A_login_that_fails_says_which_it_was(string challenge, string? login, OciFailure kind, string words)
    {
        registry.Fault = Demand(challenge, "nothing");
        var fault = await Assert.ThrowsAsync<OciException>(() => registry.ReadAsync(digest, access: login is null ? new() : Access(login)));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    private static RegistryAccess Access(string login) =>
        new(Credentials: RegistryCredentialsTests.Parse($$$"""{"auths":{"registry.test":{{{login}}}}}"""));

    /// <summary>Lets only this Authorization pass; the token service is not the registry's.</summary>
    private static Func<HttpRequestMessage, HttpResponseMessage?> Demand(string challenge, string authorization) => request =>
    {
        if (request.Headers.Authorization?.ToString() == authorization)
        {
            return null;
        }

        var answer = FakeRegistry.Answer(HttpStatusCode.Unauthorized);
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        return answer;
    };

    private static HttpResponseMessage? Token(HttpRequestMessage request, string body, HttpStatusCode status = HttpStatusCode.OK) =>
        request.RequestUri!.Host == "auth.test" ? FakeRegistry.Answer(status, body) : null;
}
