namespace SchemaGate.Core;

/// <summary>
/// The CRC-32 of ISO 3309 (polynomial 0xEDB88320, reflected), which migration tools use for checksums and for the keys of their locks.
/// </summary>
public static class Crc32
{
    /// <summary>Goes on from <paramref name="before"/>, the CRC of what came earlier; 0 begins.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
