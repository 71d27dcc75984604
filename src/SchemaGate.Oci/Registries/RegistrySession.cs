using System.Net;
using SchemaGate.Oci.Layers;
using SchemaGate.Oci.Manifests;

namespace SchemaGate.Oci.Registries;

/// <summary>The requests of one call about one image (OCI distribution specification, "Pulling").</summary>
internal sealed class RegistrySession(HttpClient http, RegistryLimits limits, Patience patience, ImageReference image, bool plainHttp)
{
    // Docker Hub's registry is not at the name that its references have.
    private readonly Uri root = new($"{(plainHttp ? "http" : "https")}://"
        + $"{(image.Registry == "docker.io" ? "registry-1.docker.io" : image.Registry)}/v2/{image.Repository}/");

    public ImageReference Image => image;

    /// <summary>The digest that a tag names now: as the registry states it, or of what it sends where it does not.</summary>
    public async Task<Digest> ResolveAsync(string tag)
    {
        using var head = await SendAsync(HttpMethod.Head, $"manifests/{tag}");
        if (head.StatusCode == HttpStatusCode.OK && head.Headers.TryGetValues("Docker-Content-Digest", out var values)
            && Digest.TryParse(values.First(), out var digest))
        {
            return digest;
        }

        // Some registries, and proxies before them, know no HEAD and say so in various ways. These they mean:
        if (head.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
        {
            throw RegistryAnswer.Explain(image, $"image {image}", head.StatusCode, []);
        }

        return Digest.Of(await ReadManifestAsync(tag));
    }

    /// <summary>A manifest's bytes, as they are.</summary>
    public async Task<byte[]> ReadManifestAsync(string tagOrDigest)
    {
        using var response = await SendAsync(HttpMethod.Get, $"manifests/{tagOrDigest}");
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await ExplainAsync(response, $"image {image}");
        }

        var manifest = await ReadAsync(response, limits.ManifestBytes + 1);
        return manifest.Length <= limits.ManifestBytes ? manifest
            : throw new OciException(OciFailure.TooLarge, $"{image} has a manifest of more than {limits.ManifestBytes} bytes");
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

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        var address = new Uri(root, path);
        for (var redirects = 0; redirects <= limits.Redirects; redirects++)
        {
            var response = await SendOnceAsync(method, address);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                address = Follow(address, response.Headers.Location);
            }
        }

        throw BadRedirect(OciFailure.Invalid, $"more than {limits.Redirects} times");
    }

    private Uri Follow(Uri from, Uri? location)
    {
        if (location is null || !Uri.TryCreate(from, location, out var to) || to.Scheme is not ("http" or "https") || to.UserInfo.Length > 0)
        {
            throw BadRedirect(OciFailure.Invalid, "to something that is no address");
        }

        return from.Scheme == to.Scheme || to.Scheme == "https" ? to : throw BadRedirect(OciFailure.Denied, "from https to http");
    }

    private OciException BadRedirect(OciFailure kind, string where) =>
        new(kind, $"registry {image.Registry} redirects {image} {where}, which is not followed; mend the registry");

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.ParseAdd("schemagate");
        foreach (var type in ManifestReader.Accepted)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        request.Headers.Accept.ParseAdd("*/*;q=0.5");
        try
        {
            return await patience.SendAsync(http, request);
        }
        catch (HttpRequestException fault)
        {
            throw Unreachable(address, fault);
        }
    }

    private OciException Unreachable(Uri address, HttpRequestException fault)
    {
        var asked = $"{image} cannot be read: {address.Authority}";
        return fault switch
        {
            { InnerException: OciException refusal } => new(refusal.Kind, $"{asked} is refused: {refusal.Message}"),
            { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new(OciFailure.Unreachable, $"{asked} is not a name that DNS knows here", fault),
            { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                new(OciFailure.Unreachable, $"{asked} does not offer a trusted TLS connection; trust its certificate's authority, "
                    + "or ask for plain HTTP if that is what it speaks", fault),
            { HttpRequestError: HttpRequestError.ConnectionError } =>
                new(OciFailure.Unreachable, $"{asked} does not accept connections", fault),
            _ => new(OciFailure.Unreachable, $"{asked} broke off or did not answer in HTTP", fault),
        };
    }

    private async Task<OciException> ExplainAsync(HttpResponseMessage response, string what) =>
        RegistryAnswer.Explain(image, what, response.StatusCode, await ReadAsync(response, 4096));

    /// <summary>Reads to the end, or a buffer past what is enough.</summary>
    private async Task<byte[]> ReadAsync(HttpResponseMessage response, int enough)
    {
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int got;
        while (content.Length < enough && (got = await patience.ReadAsync(body, buffer)) > 0)
        {
            content.Write(buffer, 0, got);
        }

        return content.ToArray();
    }
}
