using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Oci;
using SchemaGate.Oci.Signatures;

namespace SchemaGate.Evidence;

/// <summary>What is wrong with what people write about images, before any registry is asked, and with what a registry answered.</summary>
internal static class ImageProblems
{
    /// <summary>Where a Secret of type kubernetes.io/dockerconfigjson has the logins.</summary>
    public const string LoginsKey = ".dockerconfigjson";

    /// <summary>What is wrong with an image reference, in a sentence; null when nothing is.</summary>
    public static string? OfReference(string reference) =>
        ImageReference.TryParse(reference, out _, out string? problem) ? null : problem;

    /// <summary>What is wrong with a docker config JSON, in a sentence that quotes nothing of it; null when nothing is.</summary>
    public static string? OfLogins(string text) => RegistryCredentials.TryParse(text, out _, out string? problem) ? null : problem;

    /// <summary>What is wrong with a text of public keys, in a sentence without its end that quotes nothing of it; null when nothing
    /// is.</summary>
    public static string? OfKeys(string pem) => VerificationKey.TryParse(pem, out _, out string? problem) ? null : problem;

    /// <summary>What is wrong with these settings of <see cref="ImageEvidence"/>, in a sentence; null when nothing is.</summary>
    public static string? OfRegistries(IReadOnlyCollection<string> allowedRegistries, string? authoritiesPem)
    {
        try
        {
            _ = new RegistryOptions(allowedRegistries, authoritiesPem);
            return null;
        }
        catch (OciException exception)
        {
            return exception.Message;
        }
    }

    public static Evidence<T> Evidence<T>(OciException exception) => exception.Kind switch
    {
        OciFailure.Unreachable => new Evidence<T>.Unreachable(Reasons.RegistryUnreachable, exception.Message),
        OciFailure.Denied => new Evidence<T>.Missing(Reasons.RegistryAccessDenied, exception.Message),
        OciFailure.NotFound => new Evidence<T>.Missing(Reasons.ImageNotFound, exception.Message),
        _ => new Evidence<T>.Missing(Reasons.ImageInvalid, exception.Message),
    };

    /// <summary>Whoever waits for it is told when it has been read.</summary>
    public static Evidence<ChangelogEvidence> StillReading(string image) => new Evidence<ChangelogEvidence>.Unreachable(
        Reasons.StillReading,
        $"{image} is still being read: that takes longer than {Readings.Patience.TotalSeconds:0} s. The gate is looked at again when it "
        + "is done.");
}
