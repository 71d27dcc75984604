using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Core.Migrations;

/// <summary>
/// A migration's checksum, as its tool writes it. Prisma's is a SHA-256, lowercase hexadecimal of the file's text. A stored checksum
/// matches when it is that of the file as it is, with every CRLF as LF, or with every LF as CRLF, so that a checkout on Windows edits
/// nothing.
/// </summary>
public sealed record MigrationChecksum
{
    private readonly string _lf;
    private readonly string _crlf;
    private readonly bool _isPrisma;

    private MigrationChecksum(string value, string lf, string crlf, bool isPrisma)
    {
        _isPrisma = isPrisma;
        Value = value;
        _lf = lf;
        _crlf = crlf;
    }

    /// <summary>Of a tool that keeps no checksum, or one that the file alone does not tell: nothing is ever called edited.</summary>
    public static MigrationChecksum None { get; } = Exactly("");

    /// <summary>The checksum of the text as it is: with Prisma 64 lowercase hexadecimal digits.</summary>
    public string Value { get; }

    public static MigrationChecksum Of(string sql)
    {
        string lf = sql.Replace("\r\n", "\n", StringComparison.Ordinal);
        return new(Hash(sql), Hash(lf), Hash(lf.Replace("\n", "\r\n", StringComparison.Ordinal)), isPrisma: true);
    }

    /// <summary>A checksum that another tool writes, and compares as it is.</summary>
    public static MigrationChecksum Exactly(string value) => new(value, value, value, isPrisma: false);

    /// <summary>
    /// Whether a stored checksum is this file's. Old versions of Prisma stored the bytes' hexadecimal without padding; of the other tools,
    /// one that stored nothing contradicts nothing.
    /// </summary>
    public bool Matches(string stored)
    {
        if (!_isPrisma)
        {
            return Value.Length == 0 || stored.Length == 0 || stored == Value;
        }

        return stored.Length == Value.Length
            ? stored == Value || stored == _lf || stored == _crlf
            : stored == Unpadded(Value) || stored == Unpadded(_lf) || stored == Unpadded(_crlf);
    }

    public override string ToString() => Value;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Unpadded(string checksum)
    {
        StringBuilder text = new(checksum.Length);
        for (int index = 0; index < checksum.Length; index += 2)
        {
            text.Append(checksum[index] == '0' ? checksum.AsSpan(index + 1, 1) : checksum.AsSpan(index, 2));
        }

        return text.ToString();
    }
}
