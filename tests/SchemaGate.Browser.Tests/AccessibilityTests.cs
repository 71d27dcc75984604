using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SchemaGate.Browser.Tests;

/// <summary>axe finds nothing, and a keyboard is enough.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    private static readonly AxeRunOptions s_rules = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Axe_finds_no_violation(ColorScheme colours, int width)
    {
        string problem = SchemaGate.Core.Pages.PageDocument.OfProblem("Not found", "There is no such gate.");
        foreach (string html in (string[])[Sample.Shop, Sample.Overview, problem])
        {
            await using OpenPage open = await chromium.OpenAsync(html, new()
            {
                ColorScheme = colours,
                ViewportSize = new() { Width = width, Height = 6000 },
            });
            await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
            AxeResult result = await open.Page.RunAxe(s_rules);
            Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
            Assert.NotEmpty(result.Passes);
        }
    }

    [Fact]
    public async Task The_first_stop_of_the_keyboard_skips_to_the_content()
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Shop);
        await open.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await open.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.True(await open.Page.EvaluateAsync<bool>("document.activeElement.getBoundingClientRect().left >= 0"));
        await open.Page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("#content", open.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_stop_of_the_keyboard_is_seen_and_opens_what_it_names()
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Shop);
        List<string> stops = [];
        for (int press = 0; press < 60; press++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            string stop = await open.Page.EvaluateAsync<string>("document.activeElement.tagName");
            if (stop == "BODY")
            {
                break;
            }

            stops.Add(stop);
            Assert.Equal("3px solid", await open.Page.EvaluateAsync<string>(
                "(s => `${s.outlineWidth} ${s.outlineStyle}`)(getComputedStyle(document.activeElement))"));
            if (stop == "SUMMARY")
            {
                await open.Page.Keyboard.PressAsync("Enter");
                Assert.True(await open.Page.EvaluateAsync<bool>("document.activeElement.parentElement.open"));
            }
        }

        Assert.Equal(6, stops.Count(stop => stop == "SUMMARY"));
        Assert.Single(stops, stop => stop == "INPUT");
    }

    [Fact]
    public async Task Search_shows_the_entries_that_have_every_word_and_Escape_shows_all()
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Shop);
        ILocator shown = open.Page.Locator(".entry:not([hidden])");
        Assert.Equal(6, await shown.CountAsync());
        await open.Page.GetByLabel("Search entries, SQL and findings").FocusAsync();
        await open.Page.Keyboard.TypeAsync("LEGACY_CODE drop");
        await Assertions.Expect(open.Page.Locator("output")).ToHaveTextAsync("1 of 6");
        Assert.Equal(["20250102090000_drop_legacy_columns"], await shown.Locator("h3").AllTextContentsAsync());
        Assert.Equal(1, await open.Page.Locator(".group:not([hidden])").CountAsync());
        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(shown).ToHaveCountAsync(6);
    }

    [Fact]
    public async Task Without_scripts_everything_is_there_and_no_search_is_offered()
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Shop, new() { JavaScriptEnabled = false });
        Assert.False(await open.Page.Locator("#find").IsVisibleAsync());
        await open.Page.Locator("summary", new() { HasText = "ACCESS EXCLUSIVE on public.orders" }).ClickAsync();
        Assert.True(await open.Page.GetByText("ALTER TABLE orders DROP COLUMN legacy_code;").IsVisibleAsync());
    }

    [Fact]
    public async Task Printed_it_is_black_on_white_and_without_what_nobody_can_press()
    {
        await using OpenPage open = await chromium.OpenAsync(Sample.Shop, new() { ColorScheme = ColorScheme.Dark });
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await open.Page.Locator("#find").IsVisibleAsync());
        Assert.Equal("rgb(0, 0, 0)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
        Assert.Equal("visible", await open.Page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('.entry')).contentVisibility"));
    }
}
