using System.Text.RegularExpressions;

namespace SchemaGate.Kubernetes;

/// <summary>
/// The API server names a webhook's URL in the error that whoever writes is shown while the webhook does not answer, and controllers
/// repeat that in conditions and events. A segment of a path of 64 hexadecimal digits, or more, is a secret: only who registered it is to
/// know it.
/// </summary>
public static partial class SecretPaths
{
    private const string Instead = "(secret)";

    /// <summary>The same words without the secrets: for a log, a status, an event, an answer. Before anything is cut off.</summary>
    public static string Without(string words) => Segment().Replace(words, $"/{Instead}");

    // A digest has its algorithm before it, and no slash.
    [GeneratedRegex("/[0-9a-f]{64,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Segment();
}
