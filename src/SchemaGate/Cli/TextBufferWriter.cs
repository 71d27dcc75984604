using System.Buffers;
using System.Text;

namespace SchemaGate.Cli;

/// <summary>UTF-8 that goes to a text writer as it comes, and is nowhere whole.</summary>
internal sealed class TextBufferWriter(TextWriter output) : IBufferWriter<byte>
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private byte[] bytes = new byte[32 << 10];
    private char[] characters = new char[32 << 10];

    public void Advance(int count)
    {
        characters = characters.Length < bytes.Length ? new char[bytes.Length] : characters;
        output.Write(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0));
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => bytes = sizeHint > bytes.Length ? new byte[sizeHint] : bytes;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
