using Microsoft.Playwright;
using SchemaGate.Tests;

namespace SchemaGate.Browser.Tests;

/// <summary>Pictures for whoever reviews a change of the page: artifacts/pages.</summary>
public sealed class AppearanceTests(Chromium chromium)
{
    [Theory]
    [InlineData("light", ColorScheme.Light, 1280)]
    [InlineData("dark", ColorScheme.Dark, 1280)]
    [InlineData("phone", ColorScheme.Light, 390)]
    [InlineData("phone-dark", ColorScheme.Dark, 390)]
    public async Task A_page_fits_its_width_and_has_its_picture_taken(string name, ColorScheme colours, int width)
    {
        foreach ((string page, string html) in ((string, string)[])[("shop", Sample.Shop), ("gates", Sample.Overview)])
        {
            await using OpenPage open = await chromium.OpenAsync(html, new()
            {
                ColorScheme = colours,
                ViewportSize = new() { Width = width, Height = 900 },
            });
            Assert.False(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
            await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
            Assert.False(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
            // What is out of sight is not drawn.
            int height = await open.Page.EvaluateAsync<int>("document.documentElement.scrollHeight");
            await open.Page.SetViewportSizeAsync(width, height + 3000);
            await PictureAsync(open.Page, $"{page}-{name}");
            Assert.Empty(open.Tried);
        }
    }

    private static Task PictureAsync(IPage page, string name) => page.ScreenshotAsync(new()
    {
        FullPage = true,
        Path = Path.Combine(Repository.Root, "artifacts", "pages", $"{name}.png"),
    });
}
