using System.Net;

// The root's, and internal: SchemaGate.Postgres compiles this file, too, since neither project may import the other.
namespace SchemaGate;

/// <summary>
/// Where a cloud hands out its machines' credentials, and whatever else is of one link only. Whoever may name a registry or a database
/// would else reach there from inside.
/// </summary>
internal static class ClosedAddresses
{
    // Azure's, Alibaba's, Oracle's and Google's. AWS has more than one in its prefix: metadata at ::254, the credentials of pods at ::23.
    private static readonly byte[][] Metadata =
    [
        [168, 63, 129, 16], [100, 100, 100, 200], [192, 0, 0, 192], IPAddress.Parse("fd20:ce::254").GetAddressBytes(),
    ];

    /// <summary>Also where an IPv4 address is written as one of IPv6 that leads to it.</summary>
    public static bool Has(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return IsClosed(bytes) || (bytes.Length == 16 && Embedded(bytes).Any(IsClosed));
    }

    /// <summary>Link-local: RFC 3927 and RFC 4291, 2.5.6.</summary>
    private static bool IsClosed(byte[] address) => address switch
    {
        [169, 254, _, _] => true,
        [0xfe, >= 0x80 and < 0xc0, ..] and { Length: 16 } => true,
        [0xfd, 0x00, 0x0e, 0xc2, ..] and { Length: 16 } => true,
        _ => Metadata.Any(address.SequenceEqual),
    };

    /// <summary>
    /// The IPv4 addresses that one of IPv6 may lead to: mapped and compatible (RFC 4291, 2.5.5), NAT64 by its well-known prefix and by
    /// that for local use, whose own length is its network's choice (RFC 6052, 2.2; RFC 8215), and 6to4 (RFC 3056).
    /// </summary>
    private static IEnumerable<byte[]> Embedded(byte[] address) => address switch
    {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 or 0xff, 0 or 0xff, ..] => [address[12..]],
        [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] => [address[12..]],
        [0x00, 0x64, 0xff, 0x9b, 0, 1, ..] =>
        [
            [address[6], address[7], address[9], address[10]], [address[7], .. address[9..12]], address[9..13], address[12..],
        ],
        [0x20, 0x02, ..] => [address[2..6]],
        _ => [],
    };
}
