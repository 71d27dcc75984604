using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SchemaGate.Oci.Layers;

/// <summary>What a body in zstd (RFC 8878) expands to: frames behind each other, skippable ones passed over. Whatever is wrong
/// with them is said as with other layers; a body that ends within a frame is cut off.</summary>
internal sealed class ZstdStream : DecompressionStream
{
    private const int BufferBytes = 64 << 10;

    private readonly int mostWindow;

    /// <param name="body">Left open.</param>
    /// <param name="mostWindow">How far back a frame may refer, a power of two: the memory that reading it takes.</param>
    public ZstdStream(Stream body, int mostWindow) : base(body, BufferBytes, checkEndOfStream: true, leaveOpen: true)
    {
        this.mostWindow = mostWindow;
        SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, BitOperations.Log2((uint)mostWindow));
    }

    /// <exception cref="InvalidDataException">The bytes are not zstd, damaged, cut off, or need a window or a dictionary.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        catch (ZstdException fault)
        {
            throw new InvalidDataException(Words(fault.Code), fault);
        }
        catch (EndOfStreamException fault)
        {
            throw new InvalidDataException("it is cut off; push the image again", fault);
        }
    }

    private string Words(ZSTD_ErrorCode code) => code switch
    {
        ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge =>
            $"its window is larger than {mostWindow >> 20} MiB, which no common level of zstd needs; push it without --ultra or --long",
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong => "it needs a dictionary, which layers do not have; push it without one",
        ZSTD_ErrorCode.ZSTD_error_prefix_unknown => "it is not zstd, or something else follows its frames; push the image again",
        _ => "its zstd is damaged; push the image again",
    };
}
