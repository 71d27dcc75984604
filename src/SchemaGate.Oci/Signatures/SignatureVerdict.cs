namespace SchemaGate.Oci.Signatures;

/// <summary>Whether one image is signed by one of some keys. The set is closed.</summary>
public abstract record SignatureVerdict
{
    private SignatureVerdict()
    {
    }

    /// <summary>One of the keys signed this very image.</summary>
    public sealed record Verified : SignatureVerdict;

    /// <summary>There is no signature of it.</summary>
    /// <param name="Message">A sentence that says where it was looked for, and what to do.</param>
    public sealed record Absent(string Message) : SignatureVerdict;

    /// <summary>There are signatures, and none of them counts.</summary>
    /// <param name="Message">A sentence with the reason of the one that comes closest.</param>
    public sealed record Refused(string Message) : SignatureVerdict;
}
