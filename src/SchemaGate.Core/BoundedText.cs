namespace SchemaGate.Core;

/// <summary>Strangers' words where only so many fit.</summary>
public static class BoundedText
{
    /// <summary>At most <paramref name="longest"/> UTF-16 code units, with an ellipsis where something was cut off.</summary>
    public static string Of(string text, int longest)
    {
        // Half a surrogate pair would be read back as another character than was written.
        int end = longest - (char.IsHighSurrogate(text.ElementAtOrDefault(longest - 2)) ? 2 : 1);
        return text.Length <= longest ? text : text[..end] + "…";
    }

    /// <inheritdoc cref="Of"/>
    public static string? OrNull(string? text, int longest) => text is null ? null : Of(text, longest);
}
