using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SchemaGate.Core.Gates;

/// <summary>
/// Writes and reads the records of revisions with an authentication code, so that an annotation which anyone may edit proves that
/// SchemaGate released the revision. It is bound to namespace and template; copied to another revision it proves nothing.
/// </summary>
/// <param name="key">The operator's own key, at least 32 random bytes, shared by its replicas.</param>
public sealed class RecordSeal(ReadOnlyMemory<byte> key)
{
    public string Write(string ns, RevisionRecord record) =>
        JsonSerializer.Serialize(new SealedRecord(record.Template, record.Releases, Code(ns, record)), HoldJson.Default.SealedRecord);

    /// <summary>Null for anything that is not a record which this key has sealed for this namespace and template.</summary>
    public RevisionRecord? Read(string ns, string? text, string template)
    {
        if (TolerantJson.Read(text, HoldJson.Default.SealedRecord) is not { Template: not null, Releases: not null, Seal: not null } written
            || !TemplateHash.IsOf(written.Template, template))
        {
            return null;
        }

        RevisionRecord record = new(written.Template, written.Releases);
        byte[] expected = Encoding.ASCII.GetBytes(Code(ns, record));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(written.Seal))
            ? record with { Template = template }
            : null;
    }

    private string Code(string ns, RevisionRecord record)
    {
        // A namespace has no line feed, so the two parts cannot be mistaken for each other.
        string text = $"{ns}\n{JsonSerializer.Serialize(record, HoldJson.Default.RevisionRecord)}";
        return Convert.ToBase64String(HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>A record as it stands in an annotation.</summary>
internal sealed record SealedRecord(string Template, IReadOnlyList<Release> Releases, string Seal);
