using System.Text.Json;

namespace SchemaGate.Tests.Cli;

public sealed class VerifyManifestsTests : IDisposable
{
    private const string Image = "registry.example.com/shop/schema:1.42.0";

    private const string Service = "apiVersion: v1\nkind: Service\nmetadata: { name: shop }\n";

    private const string Gate = $$"""
        apiVersion: schemagate.dev/v1alpha1
        kind: SchemaGate
        metadata: { name: shop }
        spec:
          changelog: { image: "{{Image}}" }
          database: { urlFrom: { name: shop-db, key: DATABASE_URL } }

        """;

    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Manifests_that_can_be_honoured_are_open()
    {
        Outcome outcome = await VerifyAsync($"{Deployment()}---\n{Gate}---\n{Service}");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal($"""
            Open
            Of 3 objects in 1 file, 1 says that it is gated, and what they say can be honoured.

            <stdin>:1: Deployment shop requires shop={Image}: fine

            <stdin>:13: SchemaGate shop: fine

            """, outcome.Output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Nothing_gated_is_said()
    {
        Outcome outcome = await VerifyAsync(Service);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("Nothing is gated: of 1 object in 1 file, none says that it is", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("True", "label-value")]
    [InlineData("yes", "label-value")]
    [InlineData("false", "label-value")]
    [InlineData("", "label-value")]
    public async Task A_label_with_another_value_is_refused(string value, string id)
    {
        await RefusesAsync(Deployment(label: $"\"{value}\""), $"<stdin>:1: Deployment shop", $"is \"{value}\"", $"[{id}]");
        await RefusesAsync(Deployment(templateLabel: $"\"{value}\""), "in spec.template.metadata.labels", $"[{id}]");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("yes")]
    [InlineData("False")]
    [InlineData("1")]
    public async Task A_label_without_quotes_is_refused(string value) =>
        await RefusesAsync(Deployment(label: value), "is no text", "Write schemagate.dev/gated: \"true\", in quotes", "[not-text]");

    [Fact]
    public async Task A_label_on_one_level_alone_is_refused()
    {
        await RefusesAsync(Deployment(label: null), "the Deployment itself has not", "[label-on-template-alone]");
        await RefusesAsync(Deployment(templateLabel: null), "its pod template has not", "[label-on-object-alone]");
    }

    [Theory]
    [InlineData("v1", "ReplicationController")]
    [InlineData("v1", "ConfigMap")]
    [InlineData("v1", "Service")]
    [InlineData("apps.kruise.io/v1alpha1", "CloneSet")]
    [InlineData("argoproj.io/v1alpha1", "Workflow")]
    public async Task A_kind_that_cannot_be_held_is_refused(string version, string kind) => await RefusesAsync(
        Deployment().Replace("apps/v1", version, StringComparison.Ordinal).Replace("Deployment", kind, StringComparison.Ordinal),
        $"no way to hold a {kind}", "CronJob (batch)", "[kind-not-held]");

    [Theory]
    [InlineData("=x:1", "'=x:1'", "requirement-invalid")]
    [InlineData("shop=", "'shop='", "requirement-invalid")]
    [InlineData("", "Nothing says what it requires", "requirement-missing")]
    public async Task A_requirement_that_cannot_be_read_is_refused(string requires, string words, string id) =>
        await RefusesAsync(Deployment(requires: requires), words, $"[{id}]");

    [Fact]
    public async Task A_requirement_without_a_label_would_hold_nothing() =>
        await RefusesAsync(Deployment(label: null, templateLabel: null), "nothing would be held", "[label-missing]");

    [Fact]
    public async Task Labels_that_are_no_mapping_are_not_passed_over() => await RefusesAsync(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels:\n  - schemagate.dev/gated: \"true\"\n",
        "metadata.labels is no mapping");

    [Fact]
    public async Task A_gate_that_is_not_among_the_manifests_is_said_and_may_be_elsewhere()
    {
        Outcome outcome = await VerifyAsync(Deployment());
        Assert.Equal(0, outcome.Code);
        Assert.Contains("  information  The SchemaGate shop is not among these manifests.", outcome.Output, StringComparison.Ordinal);
        outcome = await VerifyAsync(
            Deployment() + "---\n" + Gate.Replace("name: shop }", "name: shop, namespace: a }", StringComparison.Ordinal));
        Assert.Equal(0, outcome.Code);
        Assert.Contains("is in the namespace a, and this names no namespace.", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("policy: { unpinned: Block }", 1)]
    [InlineData("policy: { unpinned: Warn }", 0)]
    [InlineData("policy: { unpinned: Ignore }", 0)]
    [InlineData("enforcement: Observe", 0)]
    public async Task A_gate_without_a_requirement_is_refused_unless_its_policy_allows_it(string? spec, int code)
    {
        Outcome outcome = await VerifyAsync(Deployment(requires: "shop") + "---\n" + Gate + (spec is null ? "" : $"  {spec}\n"));
        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == 1, outcome.Output.Contains("[requirement-unpinned]", StringComparison.Ordinal));
        Assert.Equal(1, (await VerifyAsync(Deployment(requires: "shop"))).Code);
    }

    [Fact]
    public async Task A_gate_with_another_image_is_noted()
    {
        Outcome outcome = await VerifyAsync(Gate + "---\n" + Deployment(requires: "shop=x:2"));
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"has the image {Image}, and this requires x:2. In a chart, one value", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  enforcement: hold\n", "spec.enforcement must be one of")]
    [InlineData("  suspend: \"yes\"\n", "spec.suspend is of another type")]
    [InlineData("  require: { through: [a] }\n", "spec.require.through is of another type")]
    public async Task A_gate_is_judged_as_its_webhook_does(string spec, string words)
    {
        await RefusesAsync(Gate + spec, words, "[spec-invalid]");
        await RefusesAsync(Gate.Replace(Image, "UPPER/case:1", StringComparison.Ordinal), "spec.changelog.image:", "[spec-invalid]");
    }

    [Fact]
    public async Task A_directory_is_read_with_all_below_it_and_the_worst_counts()
    {
        _shop.Write("deploy/a/shop.yaml", Deployment(label: "\"on\""));
        _shop.Write("deploy/gate.yml", Gate);
        _shop.Write("deploy/pod.json", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}""");
        _shop.Write("deploy/values.yaml", "image: x\n");
        _shop.Write("deploy/notes.txt", "a: [");
        _shop.Write("deploy/.hidden/b.yaml", "a: [");
        string deploy = Path.Combine(_shop.Root, "deploy");
        Outcome outcome = await Schemagate.RunAsync("verify", "--manifests", deploy);
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Blocked: ManifestsRefused\nOf 3 objects in 4 files, 1 says", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"{deploy}/a/shop.yaml:1: Deployment shop", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"{deploy}/values.yaml:1: this is no Kubernetes object", outcome.Output, StringComparison.Ordinal);
        _shop.Write("deploy/z.yaml", "apiVersion: v1\n---\n{{ include \"x\" . }}\n");
        outcome = await Schemagate.RunAsync("verify", "--manifests", deploy);
        Assert.Equal(3, outcome.Code);
        Assert.Contains($"{deploy}/z.yaml:3: it has a key that is no text.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("render it first", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[label-value]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_sentence_and_another_code()
    {
        _shop.Write("empty/notes.txt", "");
        Assert.Equal(3, (await VerifyAsync("")).Code);
        Outcome outcome = await Schemagate.RunAsync(
            "verify", "--manifests", "/no/such/file", "--manifests", Path.Combine(_shop.Root, "empty"));
        Assert.Equal((3, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("Unknown: ManifestsUnreadable\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("/no/such/file cannot be read", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("has no manifest", outcome.Output, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(_shop.Root, "x.yaml"), [0x61, 0xFF], TestContext.Current.CancellationToken);
        outcome = await Schemagate.RunAsync("verify", "--manifests", Path.Combine(_shop.Root, "x.yaml"));
        Assert.Equal(3, outcome.Code);
        Assert.Contains("is not UTF-8", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkout_and_manifests_are_judged_together_and_the_worse_speaks()
    {
        _shop.Write("deploy/shop.yaml", Deployment(label: null));
        string[] both = ["verify", _shop.Root, "--manifests", Path.Combine(_shop.Root, "deploy")];
        Outcome outcome = await Schemagate.RunAsync(both);
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Blocked: ManifestsRefused\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("ChangelogResolved    yes", outcome.Output, StringComparison.Ordinal);
        _shop.Write("deploy/shop.yaml", Deployment());
        _shop.Document = _shop.PendingDocument;
        outcome = await Schemagate.RunAsync(both);
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("Blocked: PendingChanges\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Manifests   Of 1 object in 1 file", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_alone_need_no_checkout_and_ask_no_database()
    {
        Schemagate run = new() { Input = Deployment(), DatabaseUrl = "postgresql://u@127.0.0.1:1/d" };
        Outcome outcome = await run.InvokeAsync(["verify", "--manifests", "-", "-o", "json"], TestContext.Current.CancellationToken);
        JsonElement report = JsonElement.Parse(outcome.Output);
        Assert.Equal(0, outcome.Code);
        Assert.Equal("Open Open", $"{report.GetProperty("verdict")} {report.GetProperty("reason")}");
        Assert.Equal(JsonValueKind.Null, report.GetProperty("path").ValueKind);
        JsonElement line = Assert.Single(report.GetProperty("manifests").GetProperty("judged").EnumerateArray());
        Assert.Equal("<stdin> 1 Deployment shop", string.Join(' ', "file line kind name".Split(' ').Select(key => line.GetProperty(key))));
        Assert.Equal("gate-not-among", Assert.Single(line.GetProperty("findings").EnumerateArray()).GetProperty("id").GetString());
    }

    private static async Task<Outcome> VerifyAsync(string manifests) => await new Schemagate { Input = manifests }
        .InvokeAsync(["verify", "--manifests", "-"], TestContext.Current.CancellationToken);

    private static async Task RefusesAsync(string manifests, params string[] words)
    {
        Outcome outcome = await VerifyAsync(manifests);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("Blocked: ManifestsRefused\n", outcome.Output, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));
    }

    private static string Deployment(string? label = "\"true\"", string? templateLabel = "\"true\"", string requires = $"shop={Image}") =>
        $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
          labels: { app: shop{{Gated(label)}} }
        spec:
          template:
            metadata:
              labels: { app: shop{{Gated(templateLabel)}} }
              annotations: { schemagate.dev/requires: "{{requires}}" }
            spec: { containers: [] }

        """;

    private static string Gated(string? label) => label is null ? "" : $", schemagate.dev/gated: {label}";
}
