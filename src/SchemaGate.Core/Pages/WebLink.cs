namespace SchemaGate.Core.Pages;

/// <summary>Links out of a page: to the web or to somebody's mail, and nowhere else. What is none is text.</summary>
internal static class WebLink
{
    private const int Longest = 2048;

    /// <summary>The address as it is written into the page, normalised; null for what is no such link, whatever its spelling.</summary>
    public static string? Of(string? url) =>
        url is { Length: <= Longest } && Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
            && address.Scheme is "http" or "https" or "mailto"
        ? address.AbsoluteUri
        : null;

    /// <param name="address">As <see cref="Of"/> gives it; null for text.</param>
    public static string Begin(string? address)
    {
        HtmlWriter writer = new();
        if (address is null)
        {
            writer.Add($"<span>");
        }
        else
        {
            writer.Add($"<a href=\"{address}\" rel=\"noopener noreferrer nofollow\">");
        }

        return writer.ToString();
    }

    public static string End(string? address) => address is null ? "</span>" : "</a>";
}
