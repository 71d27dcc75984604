using System.Text;

namespace SchemaGate.Oci;

/// <summary>What kept an image from being read, as far as a caller can act on it.</summary>
public enum OciFailure
{
    /// <summary>No answer, or one that asks to come back later (429, 5xx): the same call may succeed later.</summary>
    Unreachable,

    /// <summary>The registry answers and has no such image, or lacks a part of it.</summary>
    NotFound,

    /// <summary>The registry does not let this client read the repository, or the client may not talk to that address.</summary>
    Denied,

    /// <summary>What came is not what was promised (a digest, a size) or not what it says it is (JSON, gzip, tar).</summary>
    Invalid,

    /// <summary>The image is larger than a limit of <see cref="RegistryLimits"/>.</summary>
    TooLarge,

    /// <summary>The image is sound and of a kind that this client does not read.</summary>
    Unsupported,
}

/// <summary>The one exception of this project. Its message is a sentence that names the image and what to do;
/// it quotes nothing of a response but the registry's error code, and never a redirect's URL (those are signed).</summary>
public sealed class OciException(OciFailure kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which kind of failure this is.</summary>
    public OciFailure Kind { get; } = kind;

    /// <summary>A name that a stranger wrote, fit for a message: at most 120 characters, without control characters.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", 128);
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, 120)))
        {
            quoted.Append(char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' ? '?' : letter);
        }

        return quoted.Append(text.Length > 120 ? "…\"" : "\"").ToString();
    }
}
