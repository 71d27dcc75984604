using System.IO.Compression;
using SchemaGate.Oci.Layers;
using SchemaGate.Oci.Manifests;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Oci;

/// <summary>Reads images from registries: anonymously, single-platform manifests (OCI images and artifacts, Docker schema 2)
/// with tar and tar+gzip layers. Nothing is written to disk, and memory is bounded by what is kept. Safe for concurrent use.
/// <para>Every failure is an <see cref="OciException"/>, but for the caller's own cancellation.</para></summary>
public sealed class RegistryClient : IDisposable
{
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly RegistryLimits limits;

    /// <param name="time">Measures the time limits.</param>
    /// <param name="handler">Sends the requests, for tests; it must follow no redirects, and is not disposed.</param>
    public RegistryClient(TimeProvider time, HttpMessageHandler? handler = null)
        : this(time, handler, new RegistryLimits())
    {
    }

    internal RegistryClient(TimeProvider time, HttpMessageHandler? handler, RegistryLimits limits)
    {
        (this.time, this.limits) = (time, limits);
        http = new HttpClient(handler ?? GuardedConnection.Handler(), disposeHandler: handler is null);
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The digest of the manifest that a reference names now; of a pinned one its own, without asking.</summary>
    public Task<Digest> ResolveAsync(ImageReference reference, bool plainHttp, CancellationToken cancellationToken) =>
        reference.Digest is { } pinned ? Task.FromResult(pinned)
            : RunAsync(reference, plainHttp, (session, _) => session.ResolveAsync(reference.Tag!), cancellationToken);

    /// <summary>Reads all layers of one manifest, each once and verified, and keeps the wanted regular files as the image
    /// has them in the end: later layers replace and whiteouts delete what earlier ones had.</summary>
    /// <param name="reference">The registry and repository, and how messages name the image.</param>
    /// <param name="digest">The manifest to read, whatever the reference's tag names now.</param>
    /// <param name="wanted">Says of a path (<c>docs/a.md</c>) whether the file there is kept. Links are not followed: a wanted
    /// path that is a link is an error, and a file that can only be reached through a linked directory is not seen.</param>
    /// <param name="plainHttp">Whether the registry speaks HTTP without TLS.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<ImageFiles> ReadFilesAsync(
        ImageReference reference, Digest digest, Func<string, bool> wanted, bool plainHttp, CancellationToken cancellationToken) =>
        RunAsync(reference.Pin(digest), plainHttp, (session, token) => ReadFilesAsync(session, digest, wanted, token), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<ImageFiles> ReadFilesAsync(
        RegistrySession session, Digest digest, Func<string, bool> wanted, CancellationToken cancellation)
    {
        var image = session.Image;
        var manifest = await session.ReadManifestAsync(digest.ToString());
        if (!digest.Matches(manifest))
        {
            throw new OciException(OciFailure.Invalid,
                $"registry {image.Registry} sent another manifest than {image}; push the image again or mend the registry");
        }

        var content = new ImageContent(image, limits, wanted);
        foreach (var layer in new ManifestReader(image, limits).Read(manifest))
        {
            await ApplyAsync(session, content, layer, cancellation);
        }

        return new ImageFiles(digest, content.Files());
    }

    private static async Task ApplyAsync(RegistrySession session, ImageContent content, Layer layer, CancellationToken cancellation)
    {
        switch (layer.Format)
        {
            case LayerFormat.Tar:
                await session.ReadLayerAsync(layer, body => content.ApplyTarAsync(layer, body, cancellation));
                break;
            case LayerFormat.TarGzip:
                await ApplyGzipAsync(session, content, layer, cancellation);
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
            throw new OciException(OciFailure.Invalid, $"layer {layer.Digest} of {session.Image} is cut off; push the image again");
        }
    }

    private async Task<T> RunAsync<T>(
        ImageReference image, bool plainHttp, Func<RegistrySession, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var patience = new Patience(limits, time, cancellationToken);
        try
        {
            return await run(new RegistrySession(http, limits, patience, image, plainHttp), patience.Token);
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
}
