using System.Diagnostics.CodeAnalysis;
using SchemaGate.Oci.Credentials;

namespace SchemaGate.Oci;

/// <summary>The logins of a docker config JSON (<c>{"auths":{"registry.example.com":{"auth":"…"}}}</c>), matched to images as a
/// kubelet matches an image pull secret's. Holds passwords, prints none.</summary>
public sealed class RegistryCredentials
{
    /// <summary>As many logins are tried for one image: each is a request with a password in it.</summary>
    private const int MostForOneImage = 4;

    private readonly IReadOnlyList<(HostPattern Pattern, RegistryCredential Credential)> entries;

    internal RegistryCredentials(IEnumerable<(HostPattern Pattern, RegistryCredential Credential)> entries) =>
        this.entries = [.. entries.OrderByDescending(entry => entry.Pattern.Specificity)];

    /// <summary>Reads a docker config JSON of at most 1 MiB. Helpers and stores that it names are programs, and are not run.</summary>
    /// <param name="text">Text of any content.</param>
    /// <param name="credentials">The logins, when true is returned; perhaps none.</param>
    /// <param name="problem">A sentence that says what to mend and quotes nothing of the text, when false is returned.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out RegistryCredentials? credentials, [NotNullWhen(false)] out string? problem) =>
        DockerConfig.TryRead(text, out credentials, out problem);

    /// <summary>A fixed text: the logins stay out of logs.</summary>
    public override string ToString() => "registry credentials";

    /// <summary>The logins for an image, the one of the most specific path first.</summary>
    internal IReadOnlyList<RegistryCredential> For(ImageReference image) =>
        [.. entries.Where(entry => entry.Pattern.Matches(image)).Select(entry => entry.Credential).Take(MostForOneImage)];
}
