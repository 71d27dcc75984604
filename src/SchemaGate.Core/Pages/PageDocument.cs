using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Core.Pages;

/// <summary>
/// Pages as HTML: one file, readable without scripts, that asks nobody for anything. Style and script are ours and named by their hashes
/// (Content Security Policy Level 3, section 2.3.1); nothing else can be either.
/// </summary>
public static class PageDocument
{
    private static readonly string s_style = Part("page.css");
    private static readonly string s_script = Part("page.js");

    /// <summary>What a page may do. The same stands in the page and is sent with it, there with who may frame it: nobody.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {Hash(s_style)}; script-src {Hash(s_script)}; base-uri 'none'; form-action 'none'";

    /// <summary>Characters of a page where several ask at once: it is in memory in pieces, as one string and as bytes.</summary>
    public const int LongestServed = 8 << 20;

    /// <summary>One changelog.</summary>
    /// <param name="page">What it shows.</param>
    /// <param name="longest">Characters; a page that would be longer says so instead.</param>
    public static string Of(ChangelogPage page, int longest = int.MaxValue)
    {
        HtmlWriter html = new(longest);
        Begin(html, page.Title, "Schema changelog");
        ChangelogView.Add(html, page);
        End(html, page.MadeAt);
        return Whole(html);
    }

    /// <summary>Every gate that its reader may see.</summary>
    /// <param name="page">What it shows.</param>
    /// <param name="longest">As above.</param>
    public static string Of(GatesPage page, int longest = int.MaxValue)
    {
        HtmlWriter html = new(longest);
        Begin(html, "Gates", "SchemaGate");
        GatesView.Add(html, page);
        End(html, page.MadeAt);
        return Whole(html);
    }

    /// <summary>Instead of a page: why there is none.</summary>
    /// <param name="title">What it is, in two or three words.</param>
    /// <param name="sentence">What to do.</param>
    public static string OfProblem(string title, string sentence)
    {
        HtmlWriter html = new();
        Begin(html, title, "SchemaGate");
        html.Add($"<header class=\"top\"><h1>{title}</h1></header>\n");
        html.Add($"<main id=\"content\"><p class=\"lead\">{HtmlWriter.Sentence(sentence)}</p></main>\n");
        End(html, madeAt: null);
        return html.ToString();
    }

    private static string Whole(HtmlWriter html) => html.IsTooLong
        ? OfProblem("Too large", "The page would be too large to be shown here. `schemagate changelog render` writes it into a file.")
        : html.ToString();

    private static void Begin(HtmlWriter html, string title, string kind) => html.Add($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{ContentSecurityPolicy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <title>{title} · {kind}</title>
        <style>{new SafeHtml(s_style)}</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>

        """);

    private static void End(HtmlWriter html, DateTimeOffset? madeAt)
    {
        if (madeAt is { } time)
        {
            html.Add($"<footer class=\"foot\"><p>As read at {PageText.Time(time)}. Nothing on this page changes anything.</p></footer>\n");
        }

        html.Add($"<script>{new SafeHtml(s_script)}</script>\n</body>\n</html>\n");
    }

    private static string Part(string name)
    {
        using Stream stream = typeof(PageDocument).Assembly.GetManifestResourceStream($"pages/{name}")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
