using SchemaGate.Oci;
using SchemaGate.Oci.Signatures;
using SchemaGate.Tests.Oci;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>Signatures as anyone may file them who can push: of another image, and damaged, none counts and each is said why.</summary>
internal static class FuzzedSignatures
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Oci", "corpus", "signatures");
    private static readonly string s_signature = File.ReadAllText(Path.Combine(s_folder, "payload.sig"));

    private static readonly SignatureJudge s_judge = new(
        FakeRegistry.Image, Digest.Of("another"u8), Parsed(File.ReadAllText(Path.Combine(s_folder, "cosign.pub"))));

    public static void Bundle(byte[] json) => Said(s_judge.OfBundle(json));

    public static void Payload(byte[] json) => Said(s_judge.OfPayload(json, s_signature));

    /// <summary>Keys that verify nothing here, or a problem.</summary>
    public static void Keys(byte[] pem)
    {
        if (!VerificationKey.TryParse(Mutator.Text(pem), out IReadOnlyList<VerificationKey>? keys, out string? problem))
        {
            Assert.DoesNotContain(problem, char.IsControl);
            return;
        }

        Assert.All(keys, key => Assert.False(key.Verifies(pem, pem)));
    }

    private static void Said(SignatureFinding? finding)
    {
        Assert.NotNull(finding);
        Assert.DoesNotContain(finding.Problem, char.IsControl);
    }

    private static IReadOnlyList<VerificationKey> Parsed(string pem) =>
        VerificationKey.TryParse(pem, out IReadOnlyList<VerificationKey>? keys, out _) ? keys : throw new InvalidDataException();
}
