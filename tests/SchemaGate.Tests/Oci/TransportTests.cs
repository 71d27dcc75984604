using System.Net;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class TransportTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeRegistry registry = new();
    private readonly byte[] tar = Archive.Tar(("a", "1"));

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task A_tag_is_resolved_with_one_HEAD()
    {
        var digest = registry.Push(tar);
        Assert.Equal(digest, await ResolveAsync());
        Assert.Equal(["HEAD https://registry.test/v2/shop/schema/manifests/1"], registry.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task A_registry_that_states_no_digest_for_a_HEAD_is_asked_for_the_manifest(HttpStatusCode status)
    {
        var digest = registry.Push(tar);
        registry.Fault = request => request.Method == HttpMethod.Head ? FakeRegistry.Answer(status) : null;
        Assert.Equal(digest, await ResolveAsync());
    }

    [Fact]
    public async Task A_pinned_reference_is_resolved_without_asking()
    {
        using var client = registry.Client();
        var digest = Digest.Of([1]);
        Assert.Equal(digest, await client.ResolveAsync(FakeRegistry.Image.Pin(digest), new(), Never));
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task Docker_Hub_is_asked_where_its_registry_is_and_plain_HTTP_only_on_request()
    {
        using var client = registry.Client();
        await Assert.ThrowsAsync<OciException>(() => client.ResolveAsync(FakeRegistry.Parse("shop"), new(PlainHttp: true), Never));
        Assert.Equal("HEAD http://registry-1.docker.io/v2/library/shop/manifests/latest", registry.Requests[0]);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, OciFailure.NotFound, "push it or mend the reference")]
    [InlineData(HttpStatusCode.Unauthorized, OciFailure.Denied, "without a login")]
    [InlineData(HttpStatusCode.Forbidden, OciFailure.Denied, "without a login")]
    [InlineData(HttpStatusCode.TooManyRequests, OciFailure.Unreachable, "too many requests")]
    [InlineData(HttpStatusCode.BadGateway, OciFailure.Unreachable, "look at the registry")]
    [InlineData(HttpStatusCode.Gone, OciFailure.Invalid, "is it an OCI registry")]
    public async Task Every_status_has_its_failure_and_its_advice(HttpStatusCode status, OciFailure kind, string advice)
    {
        registry.Fault = _ => FakeRegistry.Answer(status, """{"errors":[{"code":"SOME_CODE","message":"secret words"}]}""");
        var faults = new[] { await Assert.ThrowsAsync<OciException>(ResolveAsync), await registry.FailAsync(Digest.Of([]), kind) };
        Assert.All(faults, fault => Assert.Equal(kind, fault.Kind));
        Assert.All(faults, fault => Assert.Contains(advice, fault.Message, StringComparison.Ordinal));
        Assert.Contains("SOME_CODE", faults[1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", faults[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"errors":[{"code":"password is x"}]}""")]
    [InlineData("""{"errors":[null]}""")]
    public async Task Only_an_error_code_is_quoted(string body)
    {
        registry.Fault = _ => FakeRegistry.Answer(HttpStatusCode.NotFound, body);
        Assert.Contains("(404)", (await registry.FailAsync(Digest.Of([]), OciFailure.NotFound)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_layer_is_told_from_a_missing_image()
    {
        var digest = registry.Push(tar);
        registry.Fault = request => IsBlob(request) ? FakeRegistry.Answer(HttpStatusCode.NotFound) : null;
        Assert.StartsWith("no layer sha256:", (await registry.FailAsync(digest, OciFailure.NotFound)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_manifest_than_the_digests_is_refused()
    {
        registry.Push(tar);
        registry.Fault = request => FakeRegistry.Answer(HttpStatusCode.OK, FakeRegistry.Manifest());
        await registry.FailAsync(Digest.Of([1]), OciFailure.Invalid);
    }

    [Fact]
    public async Task Another_content_than_the_digests_is_refused_also_where_nothing_in_it_is_wanted()
    {
        var other = registry.Blob(FakeRegistry.Tar, Archive.Tar(("a", "2")), digest: Digest.Of(tar));
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(other)), OciFailure.Invalid, wanted: _ => false);
        Assert.Contains("another content", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, "more than")]
    [InlineData(1, "not the")]
    public async Task Another_size_than_the_manifests_is_refused(int difference, string words)
    {
        var blob = registry.Blob(FakeRegistry.Tar, tar, tar.Length + difference);
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(blob)), OciFailure.Invalid);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_were_corrupted_on_the_way_are_called_that_and_not_a_bad_archive()
    {
        var blob = registry.Blob(FakeRegistry.TarGzip, new byte[100], digest: Digest.Of(tar));
        var fault = await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(blob)), OciFailure.Invalid);
        Assert.Contains("another content", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_was_pushed_cut_off_never_reads_as_fewer_files()
    {
        var entries = Enumerable.Range(0, 20).Select(number => ($"prisma/migrations/{number}/migration.sql", $"SELECT {number};"))
            .ToArray();
        var packed = Archive.Gzip(Archive.Tar(entries)[..^1024]);
        for (var length = 0; length < packed.Length - 8; length++)
        {
            var blob = registry.Blob(FakeRegistry.TarGzip, packed[..length]);
            await registry.FailAsync(registry.PushManifest(FakeRegistry.Manifest(blob)), OciFailure.Invalid);
        }

        var whole = registry.Blob(FakeRegistry.TarGzip, packed);
        Assert.Equal(20, (await registry.ReadAsync(registry.PushManifest(FakeRegistry.Manifest(whole)))).Files.Count);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_followed()
    {
        var digest = registry.Push(tar);
        registry.Fault = request => IsBlob(request) && request.RequestUri!.Host == "registry.test"
            ? FakeRegistry.Redirect($"https://storage.test{request.RequestUri.AbsolutePath}?sig=secret") : null;
        Assert.Equal("a=1", await registry.TextAsync(digest));
        Assert.Contains(registry.Requests, request => request.StartsWith("GET https://storage.test/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://registry.test/again", OciFailure.Invalid, "more than 5 times")]
    [InlineData("/again", OciFailure.Invalid, "more than 5 times")]
    [InlineData("http://storage.test/secret", OciFailure.Denied, "https to http")]
    [InlineData("https://user:secret@storage.test/", OciFailure.Invalid, "no address")]
    [InlineData("file:///secret", OciFailure.Invalid, "no address")]
    [InlineData("", OciFailure.Invalid, "no address")]
    [InlineData("https://[secret", OciFailure.Invalid, "no address")]
    public async Task A_redirect_that_goes_nowhere_good_is_refused_without_quoting_it(string location, OciFailure kind, string words)
    {
        registry.Fault = _ => FakeRegistry.Redirect(location);
        var fault = await registry.FailAsync(Digest.Of([]), kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.InRange(registry.Requests.Count, 1, 6);
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up()
    {
        var digest = registry.Push(tar);
        registry.Fault = request => IsBlob(request)
            ? new HttpResponseMessage { Content = new StreamContent(new Endless(TimeSpan.FromDays(1))) }
            : null;
        var fault = await registry.FailAsync(
            digest, OciFailure.Unreachable, new RegistryLimits { Silence = TimeSpan.FromMilliseconds(100) });
        Assert.Contains("sent nothing for", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up_in_the_end()
    {
        registry.Fault = _ => new HttpResponseMessage { Content = new StreamContent(new Endless(TimeSpan.FromMilliseconds(20))) };
        var fault = await registry.FailAsync(
            Digest.Of([]), OciFailure.Unreachable, new RegistryLimits { Total = TimeSpan.FromMilliseconds(300) });
        Assert.Contains("the whole image within", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_a_registry_that_cannot_be_reached()
    {
        registry.Fault = _ => new HttpResponseMessage { Content = new StreamContent(new Endless(null)) };
        await registry.FailAsync(Digest.Of([]), OciFailure.Unreachable);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_one()
    {
        using var client = registry.Client();
        using var caller = new CancellationTokenSource(50);
        registry.Fault = _ => new HttpResponseMessage { Content = new StreamContent(new Endless(TimeSpan.FromDays(1))) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.ReadFilesAsync(FakeRegistry.Image, Digest.Of([]), _ => true, new(), caller.Token));
    }

    [Theory]
    [InlineData("169.254.169.254/a", OciFailure.Denied, "metadata")]
    [InlineData("[::ffff:a9fe:a9fe]/a", OciFailure.Denied, "metadata")]
    [InlineData("[64:ff9b::a9fe:a9fe]/a", OciFailure.Denied, "metadata")]
    [InlineData("[fe80::1]/a", OciFailure.Denied, "metadata")]
    [InlineData("[fd00:ec2::254]/a", OciFailure.Denied, "metadata")]
    [InlineData("[fd20:ce::254]/a", OciFailure.Denied, "metadata")]
    [InlineData("168.63.129.16/a", OciFailure.Denied, "metadata")]
    [InlineData("100.100.100.200/a", OciFailure.Denied, "metadata")]
    [InlineData("192.0.0.192/a", OciFailure.Denied, "metadata")]
    [InlineData("127.0.0.1:1/a", OciFailure.Unreachable, "does not accept connections")]
    [InlineData("[::1]:1/a", OciFailure.Unreachable, "does not accept connections")]
    public async Task An_address_without_a_registry_is_named(string reference, OciFailure kind, string words)
    {
        using var client = new RegistryClient(TimeProvider.System);
        var fault = await Assert.ThrowsAsync<OciException>(
            () => client.ResolveAsync(FakeRegistry.Parse(reference), new(PlainHttp: true), Never));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    private async Task<Digest> ResolveAsync()
    {
        using var client = registry.Client();
        return await client.ResolveAsync(FakeRegistry.Image, new(), Never);
    }

    private static bool IsBlob(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal);

    /// <summary>A body that sends one byte each time, or breaks.</summary>
    private sealed class Endless(TimeSpan? pause) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(pause ?? throw new HttpIOException(HttpRequestError.ResponseEnded), cancellationToken);
            return 1;
        }
    }
}
