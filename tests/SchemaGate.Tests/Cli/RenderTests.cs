using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Cli;

public sealed class RenderTests : IDisposable
{
    private readonly Shop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task A_checkout_becomes_a_page_of_its_entries_and_their_SQL()
    {
        Outcome outcome = await RenderAsync();
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("<!doctype html>\n", outcome.Output, StringComparison.Ordinal);
        Assert.All(
            (string[])["add_sites_model</h3>", "CREATE TABLE sites (id int);", "Risk Low", "Added December 2024", "<code>Site</code>"],
            word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("add_coupons", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_are_grouped_by_what_they_ask_for_the_newest_first()
    {
        shop.Document = shop.PendingDocument;
        shop.Migrate("20250101000000_stray", "SELECT 1;");
        string page = (await RenderAsync()).Output;
        string[] names = ["add_coupons", "stray", "add_cs_ai_usage_tables", "add_sites_model", "init_baseline"];
        int[] places = [.. names.Select(name => page.IndexOf($"{name}</h3>", StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.True(places[0] > 0);
    }

    [Fact]
    public async Task A_page_goes_to_a_file_and_leaves_nothing_beside_it()
    {
        string file = Path.Combine(shop.Root, "out.html");
        await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);
        Outcome outcome = await RenderAsync("--out", file, "--title", "A <shop>");
        Assert.Equal((0, ""), (outcome.Code, outcome.All));
        Assert.Contains("<h1 dir=\"auto\">A &lt;shop&gt;</h1>", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(["out.html"], Files());
    }

    [Fact]
    public async Task A_page_that_cannot_be_written_leaves_nothing_behind()
    {
        string taken = Directory.CreateDirectory(Path.Combine(shop.Root, "out")).FullName;
        Outcome outcome = await RenderAsync("--out", taken);
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"{taken} cannot be written: ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Where_there_is_no_document_there_is_no_page()
    {
        File.Delete(shop.DocumentPath);
        Outcome outcome = await RenderAsync();
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains("DATABASE_SCHEMA_CHANGELOG.md", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_on_the_page_and_by_the_exit_code()
    {
        Outcome outcome = await RenderAsync("--database", "production=postgresql://reader:hunter2@127.0.0.1:1/shop");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("<b>production</b>", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_s_page_says_why_it_is_closed()
    {
        await using StoredCluster cluster = await StoredCluster.StartAsync();
        string[] render = ["changelog", "render", shop.Root, "--gate", "shop", "-n", "shop"];
        Outcome none = await cluster.RunAsync(render);
        Assert.Equal((1, "schemagate: there is no gate shop in namespace shop.\n"), (none.Code, none.Error));
        cluster.Add(StoredCluster.Gates, "shop", JsonNode.Parse("""
            {"apiVersion":"schemagate.dev/v1alpha1","kind":"SchemaGate","metadata":{"namespace":"shop","generation":1},
             "spec":{"changelog":{"image":"registry.example.com/shop:1"},"database":{"urlFrom":{"name":"db","key":"url"} } },
             "status":{"observedGeneration":1,"verdict":"Blocked","reason":"MigrationsPending","message":"Two are not applied."} }
            """)!.AsObject());
        Outcome outcome = await cluster.RunAsync(render);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("Two are not applied.", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://reader:hunter2@db/shop")]
    [InlineData("=postgresql://reader:hunter2@db/shop")]
    [InlineData("production=")]
    [InlineData("<b>=postgresql://reader:hunter2@db/shop")]
    public async Task A_database_without_a_name_is_refused_and_not_quoted(string database)
    {
        Outcome outcome = await RenderAsync("--database", database);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("write NAME=URL", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.All, StringComparison.Ordinal);
    }

    private Task<Outcome> RenderAsync(params string[] more) => Schemagate.RunAsync(["changelog", "render", shop.Root, .. more]);

    private string[] Files() => [.. Directory.EnumerateFiles(shop.Root).Select(file => Path.GetFileName(file))];
}
