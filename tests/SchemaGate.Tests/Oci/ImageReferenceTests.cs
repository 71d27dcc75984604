using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed class ImageReferenceTests
{
    private const string Sha = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("shop", "docker.io/library/shop:latest")]
    [InlineData("shop/schema", "docker.io/shop/schema:latest")]
    [InlineData("docker.io/shop", "docker.io/library/shop:latest")]
    [InlineData("index.docker.io/shop/schema:1", "docker.io/shop/schema:1")]
    [InlineData("localhost/shop", "localhost/shop:latest")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000")]
    [InlineData("localhost:5000/shop:1.42.0", "localhost:5000/shop:1.42.0")]
    [InlineData("registry.example.com/shop/schema:1.42.0", "registry.example.com/shop/schema:1.42.0")]
    [InlineData("Registry.Example.com/shop:V1", "registry.example.com/shop:V1")]
    [InlineData("r:80/a", "r:80/a:latest")]
    [InlineData("10.0.0.1:5000/a/b/c", "10.0.0.1:5000/a/b/c:latest")]
    [InlineData("[::1]:5000/shop:1", "[::1]:5000/shop:1")]
    [InlineData("[2001:db8::1]/shop", "[2001:db8::1]/shop:latest")]
    [InlineData("a_b/c__d/e---f.g", "docker.io/a_b/c__d/e---f.g:latest")]
    [InlineData("r.io/a:_x.y-z", "r.io/a:_x.y-z")]
    [InlineData("r.io/a@" + Sha, "r.io/a@" + Sha)]
    [InlineData("r.io/a:1@" + Sha, "r.io/a:1@" + Sha)]
    public void A_good_reference_has_a_canonical_text_that_parses_to_itself(string text, string canonical)
    {
        Assert.True(ImageReference.TryParse(text, out var reference, out _));
        Assert.Equal(canonical, reference.ToString());
        Assert.Equal(reference, FakeRegistry.Parse(canonical));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("https://r.io/a", "leave out the scheme")]
    [InlineData(" r.io/a", "space")]
    [InlineData("r.io/a\n", "space or a control")]
    [InlineData("r.io/a\0", "control")]
    [InlineData("Shop", "lower case")]
    [InlineData("r.io/Shop", "lower case")]
    [InlineData("r.io/", "a-z and 0-9")]
    [InlineData("r.io//a", "a-z and 0-9")]
    [InlineData("r.io/a/", "a-z and 0-9")]
    [InlineData("r.io/../a", "a-z and 0-9")]
    [InlineData("r.io/a..b", "a-z and 0-9")]
    [InlineData("r.io/a___b", "a-z and 0-9")]
    [InlineData("r.io/-a", "a-z and 0-9")]
    [InlineData("r.io/a-", "a-z and 0-9")]
    [InlineData("r.io/a%2f", "a-z and 0-9")]
    [InlineData("r.io/a?b", "a-z and 0-9")]
    [InlineData("r.io/ä", "a-z and 0-9")]
    [InlineData("/a", "a-z and 0-9")]
    [InlineData("r.io/a:", "tag")]
    [InlineData("r.io/a:-1", "tag")]
    [InlineData("r.io/a:.1", "tag")]
    [InlineData("r.io/a:1+2", "tag")]
    [InlineData("r.io/a@", "digest")]
    [InlineData("r.io/a@sha256:abc", "digest")]
    [InlineData("r.io/a@md5:900150983cd24fb0d6963f7d28e17f72", "digest")]
    [InlineData("r.io/a@sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08", "digest")]
    [InlineData("user:secret@r.io/a", "digest")]
    [InlineData("r.io:0/a", "port")]
    [InlineData("r.io:65536/a", "port")]
    [InlineData("r.io:x/a", "port")]
    [InlineData("r.io:/a", "port")]
    [InlineData("[::1/a", "host name")]
    [InlineData("[:::]:1/a", "host name")]
    [InlineData("[::1]5000/a", "host name")]
    [InlineData("-r.io/a", "host name")]
    [InlineData("r_r.io/a", "host name")]
    [InlineData("r..io/a", "host name")]
    [InlineData(".r/a", "host name")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "image's id")]
    public void A_bad_reference_has_a_sentence_that_says_why(string text, string why)
    {
        Assert.False(ImageReference.TryParse(text, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_end_at_255_for_the_repository_and_128_for_the_tag()
    {
        Assert.True(ImageReference.TryParse($"r.io/{new string('a', 255)}:{new string('t', 128)}", out _, out _));
        Assert.False(ImageReference.TryParse($"r.io/{new string('a', 256)}", out _, out _));
        Assert.False(ImageReference.TryParse($"r.io/a:{new string('t', 129)}", out _, out _));
        Assert.False(ImageReference.TryParse(new string('a', 1_000_000), out _, out _));
    }

    [Fact]
    public void A_digest_pins_and_keeps_the_tag_for_people()
    {
        Assert.True(Digest.TryParse(Sha, out var digest));
        var pinned = FakeRegistry.Parse("r.io/a:1").Pin(digest);
        Assert.True(pinned.IsPinned);
        Assert.Equal("r.io/a:1@" + Sha, pinned.ToString());
        Assert.False(FakeRegistry.Parse("r.io/a:1").IsPinned);
        Assert.Null(FakeRegistry.Parse("r.io/a@" + Sha).Tag);
    }

    [Fact]
    public void A_digest_matches_its_content_and_no_other()
    {
        Assert.True(Digest.TryParse(Sha, out var digest));
        Assert.True(digest.Matches("test"u8));
        Assert.False(digest.Matches("Test"u8));
        Assert.Equal(digest, Digest.Of("test"u8));
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_what_is_read_round_trips()
    {
        var pieces = ArbMap.Default.GeneratorFor<string>().Or(Gen.Elements(
            "shop", "r.io", "/", ":", "@", "[", "]", "::1", "localhost", Sha, "5000", "..", "__", "-", "A", "xn--zz", "١", "docker.io"));
        var texts = Gen.ListOf(pieces).Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(texts, text => !ImageReference.TryParse(text, out var reference, out var problem) ? problem.Length > 0
            : reference == FakeRegistry.Parse(reference.ToString())
                && new Uri($"https://{reference.Registry}/v2/{reference.Repository}/x").IdnHost.Length > 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
