using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SchemaGate.Core.Gates.Running;

/// <summary>
/// Writes and reads what admission has found out about a person's right, with an authentication code, so that an annotation which
/// anyone may edit proves who did it. It is bound to one gate by its uid: on another gate, or on one made anew, it proves nothing.
/// </summary>
/// <param name="key">The operator's own key, at least 32 random bytes, shared by its replicas.</param>
public sealed class ClaimSeal(ReadOnlyMemory<byte> key)
{
    public string Write(string uid, Approval approval) => Write(uid, approval, ApprovalJson.Default.SealedApproval);

    public string Write(string uid, Override opened) => Write(uid, opened, ApprovalJson.Default.SealedOverride);

    public string Write(string uid, Loosened loosened) => Write(uid, loosened, ApprovalJson.Default.SealedLoosened);

    /// <summary>Null for anything that this key has not sealed for this gate.</summary>
    public Approval? Approval(string uid, string? text) => Read(uid, text, ApprovalJson.Default.SealedApproval);

    /// <inheritdoc cref="Approval"/>
    public Override? Override(string uid, string? text) => Read(uid, text, ApprovalJson.Default.SealedOverride);

    /// <inheritdoc cref="Approval"/>
    public Loosened? Loosened(string uid, string? text) => Read(uid, text, ApprovalJson.Default.SealedLoosened);

    private string Write<T>(string uid, T claim, JsonTypeInfo<Sealed<T>> type) =>
        JsonSerializer.Serialize(new Sealed<T>(claim, Code(uid, claim, type)), type);

    private T? Read<T>(string uid, string? text, JsonTypeInfo<Sealed<T>> type)
        where T : class
    {
        if (TolerantJson.Read(text, type) is not { Claim: { } claim, Seal: { } seal })
        {
            return null;
        }

        byte[] expected = Encoding.ASCII.GetBytes(Code(uid, claim, type));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(seal)) ? claim : null;
    }

    private string Code<T>(string uid, T claim, JsonTypeInfo<Sealed<T>> type)
    {
        // The kind is part of it: an approval is not to be read as anything else.
        string text = $"{typeof(T).Name}\n{uid}\n{JsonSerializer.Serialize(new Sealed<T>(claim, ""), type)}";
        return Convert.ToBase64String(HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text)));
    }
}
