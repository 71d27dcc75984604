using System.Security.Cryptography;
using SchemaGate.Oci.Manifests;
using SchemaGate.Oci.Registries;

namespace SchemaGate.Oci.Layers;

/// <summary>A layer's body as it is read once, forwards: each read is hashed, counted and limited in time.</summary>
internal sealed class VerifyingStream(Stream body, ImageReference image, Layer layer, Patience patience) : Stream
{
    private readonly IncrementalHash hash = layer.Digest.StartHash();
    private long count;

    /// <summary>The last four bytes, little-endian: the end of a gzip stream is the length of what it expands to.</summary>
    public uint Trailer { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var got = await patience.ReadAsync(body, buffer);
        hash.AppendData(buffer.Span[..got]);
        count += got;
        foreach (var last in buffer.Span[Math.Max(0, got - 4)..got])
        {
            Trailer = (Trailer >> 8) | ((uint)last << 24);
        }

        return count <= layer.Size ? got : throw Mismatch($"has more than the {layer.Size} bytes");
    }

    /// <summary>Reads what is left, and compares length and digest with the manifest's.</summary>
    /// <exception cref="OciException">Invalid.</exception>
    public async Task VerifyAsync()
    {
        var rest = new byte[64 * 1024];
        while (await ReadAsync(rest) > 0)
        {
        }

        if (count != layer.Size)
        {
            throw Mismatch($"has {count} bytes, not the {layer.Size}");
        }

        if (!layer.Digest.Matches(hash))
        {
            throw Mismatch("has another content than the digest");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        body.Dispose();
        base.Dispose(disposing);
    }

    private OciException Mismatch(string what) => new(OciFailure.Invalid, $"{image}: layer {layer.Digest} {what} that the manifest "
        + "states; the registry's copy or the connection is corrupt: push the image again");
}
