using System.Text;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SchemaGate.Core.Pages;

/// <summary>
/// People's Markdown as HTML that does nothing: text, lists, emphasis, code and links to the web or to somebody's mail. HTML in it is
/// text; an image is a link to it, because a page asks nobody for anything.
/// </summary>
internal static class EntryProse
{
    /// <summary>In UTF-16 code units. What is longer is cut before.</summary>
    public const int Longest = 64 << 10;

    /// <summary>What may open an inline: Markdig takes time quadratic in those that are never closed.</summary>
    private const int MostOpeners = 2000;

    /// <summary>A heading of a document must not stand above the entry's own.</summary>
    private const string HeadingTag = "h4";

    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <summary>Never throws: what Markdig refuses is shown as it is written.</summary>
    public static SafeHtml Of(EntryText text)
    {
        string markdown = PageText.Shown(text.Markdown);
        string more = text.IsCut ? "<p class=\"note\">The entry is longer; the document has the rest.</p>" : "";
        string? html = IsCostly(markdown) ? null : Rendered(markdown, text);
        return new((html ?? AsWritten(markdown)) + more);
    }

    private static bool IsCostly(string markdown) => markdown.AsSpan().CountAny("[]*_`<!&") > MostOpeners;

    private static string? Rendered(string markdown, EntryText text)
    {
        try
        {
            MarkdownDocument document = Markdown.Parse(markdown, s_pipeline);
            LeaveOut(document, line => text.Left.Contains(line + text.FirstLine));
            StringBuilder html = new();
            using StringWriter writer = new(html);
            HtmlRenderer renderer = new(writer);
            s_pipeline.Setup(renderer);
            Use(renderer);
            renderer.Render(document);
            // An entity may be one of what was taken out of the text.
            return PageText.Shown(html.ToString());
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string AsWritten(string markdown)
    {
        HtmlWriter writer = new();
        writer.Add($"<pre>");
        writer.AddLines(markdown);
        writer.Add($"</pre>");
        return writer.ToString();
    }

    /// <summary>Bullets that are shown otherwise, and the line that a document draws below its entries.</summary>
    private static void LeaveOut(MarkdownDocument document, Func<int, bool> isShown)
    {
        foreach (ListBlock list in document.OfType<ListBlock>().ToList())
        {
            foreach (Block item in list.Where(item => isShown(item.Line)).ToList())
            {
                list.Remove(item);
            }

            if (list.Count == 0)
            {
                document.Remove(list);
            }
        }

        while (document.LastChild is ThematicBreakBlock line)
        {
            document.Remove(line);
        }
    }

    private static void Use(HtmlRenderer renderer)
    {
        renderer.ObjectRenderers.RemoveAll(known => known is HeadingRenderer or CodeBlockRenderer or LinkInlineRenderer
            or AutolinkInlineRenderer or HtmlBlockRenderer or HtmlInlineRenderer);
        renderer.ObjectRenderers.Add(new HeadingWriter());
        renderer.ObjectRenderers.Add(new CodeWriter());
        renderer.ObjectRenderers.Add(new LinkWriter());
        renderer.ObjectRenderers.Add(new AutolinkWriter());
    }

    private sealed class HeadingWriter : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
        {
            renderer.EnsureLine();
            renderer.Write($"<{HeadingTag}>");
            renderer.WriteLeafInline(obj);
            renderer.WriteLine($"</{HeadingTag}>");
        }
    }

    /// <summary>Without the language: a class of somebody's choice.</summary>
    private sealed class CodeWriter : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            renderer.EnsureLine();
            renderer.Write("<pre><code>");
            renderer.WriteLeafRawLines(obj, writeEndOfLines: true, escape: true);
            renderer.WriteLine("</code></pre>");
        }
    }

    private sealed class LinkWriter : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline obj)
        {
            string? address = WebLink.Of(obj.GetDynamicUrl?.Invoke() ?? obj.Url);
            renderer.Write(WebLink.Begin(address));
            if (obj.FirstChild is null)
            {
                renderer.WriteEscape(obj.IsImage ? "image" : address ?? "link");
            }

            renderer.WriteChildren(obj);
            renderer.Write(WebLink.End(address));
        }
    }

    private sealed class AutolinkWriter : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline obj)
        {
            string? address = WebLink.Of(obj.IsEmail ? $"mailto:{obj.Url}" : obj.Url);
            renderer.Write(WebLink.Begin(address));
            renderer.WriteEscape(obj.Url);
            renderer.Write(WebLink.End(address));
        }
    }
}
