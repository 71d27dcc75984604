using System.Net;
using System.Security.Cryptography;
using SchemaGate.Oci.Layers;
using SchemaGate.Oci.Manifests;

namespace SchemaGate.Oci.Registries;

/// <summary>The requests of one call about one image (OCI distribution specification, "Pulling").</summary>
internal sealed class RegistrySession(
    RequestSender sender, RegistryLogin login, RegistryLimits limits, Patience patience, ImageReference image, Uri root)
{
    public ImageReference Image => image;

    /// <summary>Where a repository's manifests and blobs are.</summary>
    public static Uri Root(ImageReference image, bool plainHttp)
    {
        // Docker Hub's registry is not at the name that its references have.
        string host = image.Registry == "docker.io" ? "registry-1.docker.io" : image.Registry;
        return new($"{(plainHttp ? "http" : "https")}://{host}/v2/{image.Repository}/");
    }

    /// <summary>The digest that a tag names now: as the registry states it, or of what it sends where it does not.</summary>
    public async Task<Digest> ResolveAsync(string tagOrDigest)
    {
        using var head = await SendAsync(HttpMethod.Head, $"manifests/{tagOrDigest}");
        if (head.StatusCode == HttpStatusCode.OK && head.Headers.TryGetValues("Docker-Content-Digest", out var values)
            && Digest.TryParse(values.First(), out var digest))
        {
            return digest;
        }

        // Some registries, and proxies before them, know no HEAD and say so in various ways. These they mean:
        if (head.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
        {
            throw RegistryAnswer.Explain(image, $"image {image}", head.StatusCode, [], login.IsAnonymous);
        }

        // Many may be asked for at a time: nothing of it is kept.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await ReadAsync($"manifests/{tagOrDigest}", $"image {image}", limits.ManifestBytes, hash.AppendData);
        return Digest.Of(hash);
    }

    /// <summary>A manifest's bytes, verified.</summary>
    /// <param name="digest">The manifest's digest.</param>
    /// <param name="size">The size that an index states; null where the image itself is asked for.</param>
    /// <param name="most">Bytes; more are refused. Null for what any manifest may have.</param>
    public async Task<byte[]> ReadManifestAsync(Digest digest, long? size, int? most = null)
    {
        var what = size is null ? $"image {image}" : $"manifest {digest} of image {image}";
        var manifest = await ReadAsync($"manifests/{digest}", what, most ?? limits.ManifestBytes);
        return digest.Matches(manifest) && (size is null || size == manifest.Length) ? manifest
            : throw new OciException(OciFailure.Invalid,
                $"registry {image.Registry} sent other bytes than those of {what}; push the image again or mend the registry");
    }

    /// <summary>Lets a layer be read as it comes, and verifies all of it.</summary>
    /// <returns>Its last four bytes, as a little-endian number.</returns>
    public async Task<uint> ReadLayerAsync(Layer layer, Func<Stream, Task> read)
    {
        using var response = await SendAsync(HttpMethod.Get, $"blobs/{layer.Digest}");
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await ExplainAsync(response, $"layer {layer.Digest} of image {image}");
        }

        await using var body = new VerifyingStream(await response.Content.ReadAsStreamAsync(patience.Token), image, layer, patience);
        try
        {
            await read(body);
        }
        catch (OciException fault) when (fault.Kind == OciFailure.Invalid)
        {
            // Nonsense in the wrong bytes is the registry's fault, in the right ones the image's.
            await body.VerifyAsync();
            throw;
        }

        await body.VerifyAsync();
        return body.Trailer;
    }

    /// <summary>What a tag of the repository names now, as the registry says; null where there is no such tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="most">Bytes; more are refused.</param>
    public Task<byte[]?> FindManifestAsync(string tag, int most) => FindAsync($"manifests/{tag}", most, OciFailure.NotFound);

    /// <summary>The index of what refers to a manifest, as the registry says (OCI distribution specification, "Listing Referrers"); null
    /// where it does not know the question. Of a list in pages the first.</summary>
    public Task<byte[]?> FindReferrersAsync(Digest digest, int most) =>
        FindAsync($"referrers/{digest}", most, OciFailure.NotFound, OciFailure.Invalid);

    /// <summary>A blob's bytes, verified.</summary>
    public async Task<byte[]> ReadBlobAsync(Layer blob)
    {
        var bytes = new byte[blob.Size];
        await ReadLayerAsync(
            blob, async body => _ = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token));
        return bytes;
    }

    private async Task<byte[]?> FindAsync(string path, int most, params OciFailure[] absent)
    {
        try
        {
            return await ReadAsync(path, $"signature of image {image}", most);
        }
        catch (OciException fault) when (absent.Contains(fault.Kind))
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(string path, string what, int most)
    {
        using var manifest = new MemoryStream();
        await ReadAsync(path, what, most, manifest.Write);
        return manifest.ToArray();
    }

    private async Task ReadAsync(string path, string what, int most, Action<ReadOnlySpan<byte>> take)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await ExplainAsync(response, what);
        }

        if (await sender.ReadAsync(response, most + 1, take) > most)
        {
            throw new OciException(OciFailure.TooLarge, $"{image} has a manifest of more than {most} bytes");
        }
    }

    /// <summary>Asks, and asks once more if the registry wants to know who does and there is an answer.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        var (response, isRegistry) = await FollowAsync(method, new Uri(root, path));
        if (response.StatusCode != HttpStatusCode.Unauthorized || !isRegistry)
        {
            return response;
        }

        try
        {
            if (!await login.AnswerAsync(Challenge.Read(response)))
            {
                return response;
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Dispose();
        return (await FollowAsync(method, new Uri(root, path))).Response;
    }

    /// <summary>The last response of a chain of redirects, and whether the registry's own host gave it.</summary>
    private async Task<(HttpResponseMessage Response, bool IsRegistry)> FollowAsync(HttpMethod method, Uri address)
    {
        var isRegistry = true;
        for (var redirects = 0; redirects <= limits.Redirects; redirects++)
        {
            var response = await sender.SendAsync(
                address, redirects == 0 ? "registry" : "storage", () => Request(method, address, isRegistry));
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return (response, isRegistry);
            }

            using (response)
            {
                address = Follow(address, response.Headers.Location);
                // What once left the registry is not trusted with its Authorization, even if it leads back.
                isRegistry = isRegistry && address.Scheme == root.Scheme && address.Authority == root.Authority;
            }
        }

        throw BadRedirect(OciFailure.Invalid, $"more than {limits.Redirects} times");
    }

    private Uri Follow(Uri from, Uri? location)
    {
        if (location is null || !Uri.TryCreate(from, location, out var to) || to.Scheme is not ("http" or "https")
            || to.UserInfo.Length > 0)
        {
            throw BadRedirect(OciFailure.Invalid, "to something that is no address");
        }

        return from.Scheme == to.Scheme || to.Scheme == "https" ? to : throw BadRedirect(OciFailure.Denied, "from https to http");
    }

    private OciException BadRedirect(OciFailure kind, string where) =>
        new(kind, $"registry {image.Registry} redirects {image} {where}, which is not followed; mend the registry");

    private HttpRequestMessage Request(HttpMethod method, Uri address, bool isRegistry)
    {
        var request = new HttpRequestMessage(method, address) { Headers = { Authorization = isRegistry ? login.Header : null } };
        foreach (var type in ManifestReader.Accepted)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        request.Headers.Accept.ParseAdd("*/*;q=0.5");
        return request;
    }

    private async Task<OciException> ExplainAsync(HttpResponseMessage response, string what) =>
        RegistryAnswer.Explain(image, what, response.StatusCode, await sender.ReadAsync(response, 4096), login.IsAnonymous);
}
