using Microsoft.Playwright;
using SchemaGate.Browser.Tests;
using SchemaGate.Postgres.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]


namespace SchemaGate.Browser.Tests;

/// <summary>Debian's Chromium, one for all tests (<c>tests/cluster/install chromium</c>); each test has pages of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        string? program = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_CHROMIUM") ?? Array.Find(s_places, File.Exists);
        if (program is null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        // Root has no sandbox of Chromium's; what is opened is ours, or does what it is tested for.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>An open page; the test is skipped where there is no Chromium.</summary>
    /// <param name="html">The page.</param>
    /// <param name="options">Size, colours and so on.</param>
    internal async Task<OpenPage> OpenAsync(string html, BrowserNewContextOptions? options = null)
    {
        if (browser is null)
        {
            Prerequisite.Missing("There is no Chromium: tests/cluster/install chromium, or name it in SCHEMAGATE_TEST_CHROMIUM.");
        }

        return await OpenPage.AtAsync(await browser!.NewContextAsync(options), html);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }
}
