namespace SchemaGate.Oci.Signatures;

/// <summary>What became of one signature. The later ones of the set come closer.</summary>
internal enum SignatureFault
{
    Unreadable,
    OtherKey,
    OtherImage,
}

/// <summary>Why one signature does not count; null in the place of one: it does.</summary>
/// <param name="Problem">An independent clause.</param>
internal sealed record SignatureFinding(SignatureFault Fault, string Problem)
{
    public static SignatureFinding OtherKey { get; } = new(SignatureFault.OtherKey, "it is signed with none of the keys that are required");

    public static SignatureFinding Unreadable(string what) => new(SignatureFault.Unreadable, $"a signature of it {what}");

    public static SignatureFinding Other(string what) => new(SignatureFault.OtherImage, $"what one of the required keys signed {what}");
}
