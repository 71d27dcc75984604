using Microsoft.Playwright;

namespace SchemaGate.Browser.Tests;

/// <summary>A page that is open, and everything that it tried: requests, dialogs, other pages, errors.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    public const string Address = "https://schemagate.test/page";

    private readonly IBrowserContext context;
    private readonly List<string> tried = [];

    private OpenPage(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>What it did that a page of ours never does.</summary>
    public IReadOnlyList<string> Tried
    {
        get
        {
            lock (tried)
            {
                return [.. tried];
            }
        }
    }

    /// <summary>Nothing leaves the browser: the page is handed to it, every other request is noted and ended.</summary>
    public static async Task<OpenPage> AtAsync(IBrowserContext context, string html)
    {
        OpenPage open = new(context, await context.NewPageAsync());
        await context.RouteAsync("**/*", async route =>
        {
            if (route.Request.Url == Address && route.Request.IsNavigationRequest)
            {
                await route.FulfillAsync(new() { Body = html, ContentType = "text/html; charset=utf-8" });
                return;
            }

            open.Note($"request {route.Request.Url}");
            await route.AbortAsync();
        });
        open.Page.Dialog += (_, dialog) =>
        {
            open.Note($"dialog {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        open.Page.Console += (_, message) => open.Note($"console {message.Type}: {message.Text}");
        open.Page.PageError += (_, error) => open.Note($"error {error}");
        open.Page.FrameNavigated += (_, frame) =>
        {
            if (frame.Url.Split('#')[0] != Address)
            {
                open.Note($"went to {frame.Url}");
            }
        };
        context.Page += (_, page) => open.Note($"opened {page.Url}");
        await open.Page.GotoAsync(Address);
        return open;
    }

    public ValueTask DisposeAsync() => new(context.CloseAsync());

    private void Note(string what)
    {
        lock (tried)
        {
            tried.Add(what);
        }
    }
}
