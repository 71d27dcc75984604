namespace SchemaGate.Tests.Cli;

public sealed class UsageTests
{
    private const string Secret = "planted-secret";

    [Theory]
    [InlineData("bogus")]
    [InlineData("verify", "--bogus")]
    [InlineData("verify", "--no-databse")]
    [InlineData("verify", "one", "two")]
    [InlineData("verify", "--edited", "maybe")]
    [InlineData("verify", "--database")]
    [InlineData("verify", "--database", "")]
    [InlineData("verify", "--database", "postgresql://h/d", "--no-database")]
    [InlineData("verify", "--database", "-", "--document", "-")]
    [InlineData("verify", "/no/such/directory")]
    [InlineData("verify", "/etc/passwd")]
    [InlineData("verify", "--manifests")]
    [InlineData("verify", "--manifests", "")]
    [InlineData("verify", "--manifests", "-", "--manifests", "-")]
    [InlineData("verify", ".", "--manifests", "-", "--document", "-")]
    [InlineData("verify", ".", "--manifests", "-", "--database", "-")]
    [InlineData("verify", "--manifests", ".", "--database", "postgresql://h/d")]
    [InlineData("verify", "--manifests", ".", "--through", "a")]
    [InlineData("verify", "--manifests", ".", "--edited", "warn")]
    [InlineData("version", "--output", "xml")]
    [InlineData("status", "--kubeconfig", "/no/such/file")]
    [InlineData("status", "-A", "-n", "shop")]
    [InlineData("status", "-A", "shop")]
    [InlineData("status", "-n", "a/b")]
    [InlineData("status", "shop", "--database", "postgresql://h/d")]
    [InlineData("status", "--database", "mysql://root@h/d")]
    [InlineData("status", "--no-changelog")]
    [InlineData("status", "--no-changelog", "--migrations", "nowhere")]
    [InlineData("status", "--migrations", "nowhere")]
    [InlineData("status", "--schema", "shop")]
    [InlineData("status", "--tool", "goose")]
    [InlineData("status", "--no-changelog", "--watch")]
    [InlineData("changelog")]
    [InlineData("changelog", "show")]
    [InlineData("changelog", "list", "--status", "done")]
    [InlineData("changelog", "add")]
    [InlineData("changelog", "add", "--title", "x", "--risk", "some")]
    [InlineData("changelog", "deployed", "x", "--date", "yesterday")]
    [InlineData("completion", "powershell")]
    [InlineData("explain")]
    [InlineData("explain", "Nonsense")]
    [InlineData("explain", "node/shop")]
    [InlineData("explain", "gate/a/b")]
    [InlineData("explain", "deployment/shop", "--statements", "file")]
    [InlineData("explain", "gate/shop", "--to", "x:1", "--kubeconfig", "/no/such/file")]
    [InlineData("explain", "MigrationsPending", "--to", "x:1")]
    [InlineData("undo")]
    [InlineData("undo", "shop")]
    [InlineData("undo", "gate/shop")]
    [InlineData("undo", "deployment/a/b")]
    [InlineData("undo", "deployment/shop", "--to-revision", "-1")]
    [InlineData("uninstall")]
    [InlineData("uninstall", "shop", "--yes")]
    [InlineData("uninstall", "--yes", "--watch-namespace", "a/b")]
    [InlineData("uninstall", "--yes", "-n", "a/b")]
    [InlineData("migrate")]
    [InlineData("migrate", "--lock-timeout", "10")]
    [InlineData("resolve", "--database", "postgresql://h/d")]
    [InlineData("resolve", "--applied", "a", "--rolled-back", "a")]
    [InlineData("resolve", "--baseline", "--accept-checksum", "a")]
    [InlineData("resolve", "--applied", "a", "--through", "a")]
    [InlineData("resolve", "--applied")]
    [InlineData("resolve", "--baseline")]
    [InlineData("")]
    public async Task What_cannot_be_meant_is_refused_on_standard_error(params string[] args)
    {
        Outcome outcome = await Schemagate.RunAsync(args);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith("schemagate: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_commands_own_help() =>
        Assert.EndsWith(
            "See `schemagate verify --help`.", (await Schemagate.RunAsync("verify", "--bogus")).Error.TrimEnd(), StringComparison.Ordinal);

    [Fact]
    public async Task Nothing_asked_is_help_and_not_the_code_of_an_open_gate()
    {
        Outcome outcome = await Schemagate.RunAsync();
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains("Usage:", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("status")]
    [InlineData("migrate")]
    [InlineData("wait")]
    [InlineData("explain")]
    [InlineData("undo")]
    [InlineData("uninstall")]
    [InlineData("completion")]
    [InlineData("version")]
    public async Task Every_commands_help_has_examples_and_exit_codes(string command)
    {
        Outcome outcome = await Schemagate.RunAsync(command, "--help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("Examples:", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", outcome.Output, StringComparison.Ordinal);
        // Once, and as one would write it.
        Assert.DoesNotMatch("default:.*default:|[0-9]{2}:[0-9]{2}:[0-9]{2}", outcome.Output);
    }

    [Fact]
    public async Task The_list_of_commands_has_a_line_for_each()
    {
        Outcome outcome = await Schemagate.RunAsync("--help");
        Assert.Matches(@"\n  status .*  Show a cluster", outcome.Output);
        Assert.Matches(@"\n  wait .*  Wait until", outcome.Output);
        Assert.DoesNotContain("Examples:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", $"postgresql://u:{Secret}@h/d")]
    [InlineData("status", $"--databse=postgresql://u:{Secret}@h/d")]
    [InlineData("status", "--database", "a", $"host=h password={Secret}")]
    [InlineData("explain", $"postgresql://u:{Secret}@h/d")]
    [InlineData("explain", "deployment/shop", "--to", $"postgresql://u:{Secret}@h/d")]
    [InlineData("undo", $"postgresql://u:{Secret}@h/d")]
    [InlineData("wait", $"postgresql://u:{Secret}@h/d", "-n", "shop")]
    [InlineData("verify", $"postgresql://u:{Secret}@h/d")]
    [InlineData("verify", ".", $"postgresql://u:{Secret}@h/d")]
    [InlineData("verify", "--manifests", $"postgresql://u:{Secret}@h/d")]
    [InlineData("status", "--database", $"postgresql://u:{Secret}@h:port/d")]
    [InlineData("migrate", "--database", $"mysql://u:{Secret}@h/d")]
    [InlineData("migrate", "--database", $"postgresql://u:{Secret}@h/d?connect_timeout={Secret}")]
    public async Task A_url_in_the_wrong_place_or_form_is_not_repeated(params string[] args)
    {
        Outcome outcome = await Schemagate.RunAsync(args);
        Assert.Equal(2, outcome.Code);
        Assert.DoesNotContain(Secret, outcome.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_database_url_in_the_environment_is_not_no_database()
    {
        Outcome outcome = await new Schemagate { DatabaseUrl = " " }.InvokeAsync(["verify"], TestContext.Current.CancellationToken);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("DATABASE_URL is empty", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_read_up_to_a_length()
    {
        Outcome outcome = await new Schemagate { Input = new string('x', 100_000) }
            .InvokeAsync(["status", "--database", "-"], TestContext.Current.CancellationToken);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("Standard input is longer than 64 KiB", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_our_own_shows_its_type_and_nothing_else()
    {
        System.CommandLine.RootCommand root = new();
        root.SetAction(int (_) => throw new InvalidOperationException(Secret));
        using StringWriter output = new();
        Assert.Equal(70, await SchemaGate.Cli.CommandLine.RunAsync(root, ["--"], output, output, TestContext.Current.CancellationToken));
        Assert.Contains("InvalidOperationException", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_one_line_or_one_object()
    {
        Assert.Matches(@"^schemagate \d+\.\d+\.\d+[^\n]*\n$", (await Schemagate.RunAsync("version")).Output.ReplaceLineEndings("\n"));
        Outcome json = await Schemagate.RunAsync("version", "-o", "json");
        Assert.Matches(@"^\d+\.\d+\.\d+", System.Text.Json.JsonDocument.Parse(json.Output).RootElement.GetProperty("version").GetString());
    }
}
