using System.IO.Compression;
using SchemaGate.Oci.Layers;
using SchemaGate.Oci.Manifests;
using SchemaGate.Oci.Registries;
using SchemaGate.Oci.Signatures;

namespace SchemaGate.Oci;

/// <summary>Reads images from registries: OCI images and artifacts, Docker schema 2 and the indexes of either, with tar and
/// tar+gzip layers; anonymously, with a password or with a token. Nothing is written to disk, and memory is bounded by what is
/// kept. Safe for concurrent use.
/// <para>Every failure is an <see cref="OciException"/>, but for the caller's own cancellation.</para></summary>
public sealed class RegistryClient : IDisposable
{
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly RegistryLimits limits;
    private readonly RegistryOptions options;
    private readonly RegistryTokens tokens;

    /// <param name="time">Measures the time limits.</param>
    /// <param name="options">Where to connect; null for anywhere, with the system's authorities.</param>
    public RegistryClient(TimeProvider time, RegistryOptions? options = null)
        : this(time, options ?? new RegistryOptions(), handler: null, new RegistryLimits())
    {
    }

    /// <param name="handler">Sends the requests; it must follow no redirects, and is not disposed.</param>
    internal RegistryClient(TimeProvider time, RegistryOptions options, HttpMessageHandler? handler, RegistryLimits limits)
    {
        (this.time, this.limits, this.options, tokens) = (time, limits, options, new RegistryTokens(time));
        http = new HttpClient(handler ?? GuardedConnection.Handler(options.Authorities), disposeHandler: handler is null);
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The digest of the manifest that a reference names now; of a pinned one its own, without asking.</summary>
    public Task<Digest> ResolveAsync(ImageReference reference, RegistryAccess access, CancellationToken cancellationToken) =>
        reference.Digest is { } pinned ? Task.FromResult(pinned)
            : RunAsync(reference, access, (session, _) => session.ResolveAsync(reference.Tag!), cancellationToken);

    /// <summary>Asks whether this caller may read the image of this digest: for who has its content already.</summary>
    /// <exception cref="OciException">Denied, NotFound: no.</exception>
    public Task CheckAsync(ImageReference reference, Digest digest, RegistryAccess access, CancellationToken cancellationToken) =>
        RunAsync(reference.Pin(digest), access, async (session, _) =>
            // A proxy may show a stranger its login page, and call that OK.
            await session.ResolveAsync(digest.ToString()) == digest ? digest : throw new OciException(OciFailure.Invalid,
                $"registry {reference.Registry} sent something else than image {session.Image}; "
                    + "is it an OCI registry?"), cancellationToken);

    /// <summary>Who a caller is to a registry, as far as this client is concerned: equal for callers with the same logins for this
    /// image, empty without any. It gives nothing away and means nothing to another client.</summary>
    public string IdentityOf(ImageReference reference, RegistryAccess access) =>
        tokens.Fingerprint(access.Credentials?.For(reference) ?? []);

    /// <summary>Reads all layers of one image, each once and verified, and keeps the wanted regular files as the image
    /// has them in the end: later layers replace and whiteouts delete what earlier ones had.</summary>
    /// <param name="reference">The registry and repository, and how messages name the image.</param>
    /// <param name="digest">The manifest or index to read, whatever the reference's tag names now. Of an index's platforms
    /// one is read: files of the kind that this is for are the same in all.</param>
    /// <param name="wanted">Says of a path (<c>docs/a.md</c>) whether the file there is kept. Links are not followed: a wanted
    /// path that is a link is an error, and a file that can only be reached through a linked directory is not seen.</param>
    /// <param name="access">How the registry is spoken to.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="mayKeep">Whether there is room for so many bytes of wanted files; asked ever again as they become more, and "no"
    /// ends the reading as Unreachable. Null: there is room, up to the limits.</param>
    public Task<ImageFiles> ReadFilesAsync(ImageReference reference, Digest digest, Func<string, bool> wanted, RegistryAccess access,
        CancellationToken cancellationToken, Func<long, bool>? mayKeep = null) =>
        RunAsync(
            reference.Pin(digest), access,
            (session, token) => ReadFilesAsync(session, digest, new ImageContent(session.Image, limits, wanted, mayKeep), token),
            cancellationToken);

    /// <summary>Looks for a cosign signature of one image by one of these keys, in both schemes that cosign has. Certificates, transparency
    /// logs and timestamps are not looked at.</summary>
    /// <param name="reference">The registry and repository, which a signature of the older scheme has to be for.</param>
    /// <param name="digest">The manifest or index that has to be signed.</param>
    /// <param name="keys">One of them suffices.</param>
    /// <param name="access">How the registry is spoken to.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task<SignatureVerdict> VerifyAsync(
        ImageReference reference, Digest digest, IReadOnlyList<VerificationKey> keys, RegistryAccess access,
        CancellationToken cancellationToken) =>
        RunAsync(
            reference.Pin(digest), access,
            (session, _) => new SignatureSearch(session, limits, digest, new SignatureJudge(reference, digest, keys)).RunAsync(),
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<ImageFiles> ReadFilesAsync(
        RegistrySession session, Digest digest, ImageContent content, CancellationToken cancellation)
    {
        foreach (var layer in await LayersAsync(session, digest))
        {
            await ApplyAsync(session, content, layer, cancellation);
        }

        return new ImageFiles(digest, content.Files());
    }

    private async Task<IReadOnlyList<Layer>> LayersAsync(RegistrySession session, Digest digest)
    {
        var reader = new ManifestReader(session.Image, limits);
        long? size = null;
        for (var indexes = 0; indexes <= limits.Indexes; indexes++)
        {
            switch (reader.Read(await session.ReadManifestAsync(digest, size)))
            {
                case ManifestContent.Image { Layers: var layers }:
                    return layers;
                case ManifestContent.Index { Chosen: var chosen, Size: var stated }:
                    (digest, size) = (chosen, stated);
                    break;
            }
        }

        throw new OciException(OciFailure.TooLarge,
            $"{session.Image} is an index that nests others more than {limits.Indexes} deep; name one platform's manifest by digest");
    }

    private async Task ApplyAsync(RegistrySession session, ImageContent content, Layer layer, CancellationToken cancellation)
    {
        switch (layer.Format)
        {
            case LayerFormat.Tar:
                await session.ReadLayerAsync(layer, body => content.ApplyTarAsync(layer, body, cancellation));
                break;
            case LayerFormat.TarGzip:
                await ApplyGzipAsync(session, content, layer, cancellation);
                break;
            case LayerFormat.TarZstd:
                await ApplyZstdAsync(session, content, layer, cancellation);
                break;
            case LayerFormat.File when content.WantedTitle(layer) is { } path:
                await session.ReadLayerAsync(layer, body => content.ApplyFileAsync(layer, path, body, cancellation));
                break;
            default:
                break;
        }
    }

    private static async Task ApplyGzipAsync(RegistrySession session, ImageContent content, Layer layer, CancellationToken cancellation)
    {
        long? unmarked = null;
        var stated = await session.ReadLayerAsync(layer, async body =>
        {
            await using var expanded = new GZipStream(body, CompressionMode.Decompress, leaveOpen: true);
            unmarked = await content.ApplyTarAsync(layer, expanded, cancellation);
        });
        // GZipStream takes a stream that is cut off for one that ended. An end mark shows that the archive is whole; where
        // it was left out, the length at the end of the gzip stream must (RFC 1952, ISIZE, modulo 2^32; header and end are 18 bytes).
        if (unmarked is { } length && ((uint)length != stated || layer.Size < 18))
        {
            throw CutOff(session, layer);
        }
    }

    private async Task ApplyZstdAsync(RegistrySession session, ImageContent content, Layer layer, CancellationToken cancellation)
    {
        long? unmarked = null;
        await session.ReadLayerAsync(layer, async body =>
        {
            await using var expanded = new ZstdStream(body, limits.WindowBytes);
            unmarked = await content.ApplyTarAsync(layer, expanded, cancellation);
        });
        // A frame tells its own end, but no bytes at all are no frame.
        if (unmarked is not null && layer.Size == 0)
        {
            throw CutOff(session, layer);
        }
    }

    private static OciException CutOff(RegistrySession session, Layer layer) =>
        new(OciFailure.Invalid, $"layer {layer.Digest} of {session.Image} is cut off; push the image again");

    private async Task<T> RunAsync<T>(
        ImageReference image, RegistryAccess access, Func<RegistrySession, CancellationToken, Task<T>> run,
        CancellationToken cancellationToken)
    {
        using var patience = new Patience(limits, time, cancellationToken);
        try
        {
            return await TryEachAsync(image, access, patience, run);
        }
        catch (OperationCanceledException) when (patience.Exhausted is { } words)
        {
            throw new OciException(OciFailure.Unreachable, $"{image} cannot be read: registry {image.Registry} {words}");
        }
        catch (IOException fault)
        {
            throw new OciException(OciFailure.Unreachable,
                $"{image} cannot be read: the connection to registry {image.Registry} broke off", fault);
        }
    }

    /// <summary>
    /// With several logins for an image each is tried, as a kubelet does: which of them can read it is not written in them.
    /// </summary>
    private async Task<T> TryEachAsync<T>(
        ImageReference image, RegistryAccess access, Patience patience, Func<RegistrySession, CancellationToken, Task<T>> run)
    {
        var root = RegistrySession.Root(image, access.PlainHttp);
        var sender = new RequestSender(http, limits, options.AllowedHosts, patience, image);
        var logins = access.Credentials?.For(image) ?? [];
        for (var tried = 0; ; tried++)
        {
            var issuer = new TokenIssuer(sender, limits, image, root);
            var login = new RegistryLogin(issuer, tokens, root, image, logins.ElementAtOrDefault(tried));
            try
            {
                return await run(new RegistrySession(sender, login, limits, patience, image, root), patience.Token);
            }
            catch (OciException fault) when (fault.Kind == OciFailure.Denied && tried < logins.Count - 1)
            {
                // The next one may do.
            }
        }
    }
}
