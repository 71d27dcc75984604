using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Cli;

public sealed partial class ChangelogCommandTests : IDisposable
{
    private const string Coupons = "20250102090000_add_coupons";

    private static readonly string[] s_add =
    [
        "add", "--title", "Add coupons", "--description", "Coupons", "--change", "New `coupons` table", "--change", "An index",
        "--risk", "Low", "--rollback", "Drop the table", "--note", "Takes a second",
    ];

    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_change_goes_its_whole_way_and_verify_follows()
    {
        Assert.Equal((0, ""), Told(await RunAsync(s_add)));
        Assert.Equal(1, (await Schemagate.RunAsync("verify", _shop.Root)).Code);
        _shop.Migrate(Coupons, "CREATE TABLE coupons (id int);");
        Assert.Equal((0, ""), Told(await RunAsync("migrated", "add_coupons", "--date", "2025-01-02")));
        Assert.Equal(0, (await Schemagate.RunAsync("verify", _shop.Root)).Code);
        Assert.Equal((0, ""), Told(await RunAsync("deployed", "add_coupons", "--date", "2025-01-03")));
        Outcome shown = await RunAsync("show", Coupons);
        Assert.Equal($"""
            {Coupons}  DEPLOYED
            {_shop.DocumentPath}:78

            Status: DEPLOYED
            Date Added: November 30, 2026
            Date Migrated: January 2, 2025
            Date Deployed: January 3, 2025
            Description: Coupons
            Changes:
              - New coupons table
              - An index
            Migration File: prisma/migrations/{Coupons}/migration.sql
            Risk Level: Low
            Rollback: Drop the table
            Production Notes:
              - Takes a second

            """, shown.Output);
        Assert.Contains("_None currently_", _shop.Document, StringComparison.Ordinal);
        Assert.EndsWith("*Last Updated: November 30, 2026*\n", _shop.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_done_is_not_done_again()
    {
        await RunAsync(s_add);
        _shop.Migrate(Coupons, "CREATE TABLE coupons (id int);");
        foreach (string[] command in new string[][] { s_add, ["migrated", "add_coupons"], ["deployed", Coupons] })
        {
            await RunAsync(command);
            string once = _shop.Document;
            Outcome again = await RunAsync(command);
            Assert.Equal((0, $"{_shop.DocumentPath}: nothing to change.\n"), (again.Code, again.Output));
            Assert.Equal(once, _shop.Document);
        }
    }

    [Fact]
    public async Task A_dry_run_shows_the_difference_and_writes_nothing()
    {
        string before = _shop.Document;
        Outcome outcome = await RunAsync("deployed", "add_sites_model", "--dry-run", "--date", "2025-01-03");
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith($"--- {_shop.DocumentPath}\n+++ {_shop.DocumentPath}\n@@ -", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\n+- **Status:** `DEPLOYED`\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\n+- **Date Deployed:** January 3, 2025\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(before, _shop.Document);
    }

    [Fact]
    public async Task A_shown_difference_is_what_patch_applies()
    {
        Outcome outcome = await RunAsync("deployed", "add_sites_model", "--dry-run");
        await File.WriteAllTextAsync(Path.Combine(_shop.Root, "p"), outcome.Output, TestContext.Current.CancellationToken);
        using Process patch = Process.Start(new ProcessStartInfo("patch", ["-s", _shop.DocumentPath, Path.Combine(_shop.Root, "p")]))!;
        await patch.WaitForExitAsync(TestContext.Current.CancellationToken);
        string patched = _shop.Document;
        Assert.Contains("nothing to change", (await RunAsync("deployed", "add_sites_model")).Output, StringComparison.Ordinal);
        Assert.Equal(patched, _shop.Document);
    }

    [Fact]
    public async Task Standard_input_becomes_standard_output()
    {
        Schemagate program = new() { Input = _shop.Document, Time = new Noon() };
        Outcome outcome = await program.InvokeAsync(
            ["changelog", "deployed", "add_sites_model", "--changelog", "-", "--date", "2025-01-03"],
            TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), Told(outcome));
        await RunAsync("deployed", "add_sites_model", "--date", "2025-01-03");
        Assert.Equal(_shop.Document, outcome.Output);
    }

    [Theory]
    [InlineData("did_not_exist", "no entry 'did_not_exist'", "deployed", "did_not_exist")]
    [InlineData("near", "Did you mean '20241224000000_add_sites_model'?", "show", "add_site_model")]
    [InlineData("no migration", "`npx prisma migrate dev --name add_coupons`", "migrated", "add_coupons")]
    [InlineData("pending", "'add_coupons' is PENDING", "deployed", "add_coupons")]
    [InlineData("other", "an entry 'add_coupons' already, in line 26", "add", "--title", "add_coupons", "--risk", "High")]
    [InlineData("deployed", "is DEPLOYED already", "migrated", Shop.First)]
    public async Task What_cannot_be_done_is_refused_in_words(string what, string expected, params string[] command)
    {
        _shop.Document = _shop.PendingDocument;
        string before = _shop.Document;
        Outcome outcome = await RunAsync(command);
        Assert.True(outcome.Code == 1 && outcome.Output.Length == 0, what);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, _shop.Document);
    }

    [Fact]
    public async Task A_document_that_is_not_there_or_no_text_is_unreachable()
    {
        Assert.Equal(3, (await Schemagate.RunAsync("changelog", "list", "--changelog", "/no/such/file.md")).Code);
        Assert.Equal(3, (await Schemagate.RunAsync("changelog", "deployed", "x", "--changelog", "/no/such/file.md")).Code);
        await File.WriteAllBytesAsync(_shop.DocumentPath, [0x23, 0xFF, 0x0A], TestContext.Current.CancellationToken);
        Outcome outcome = await RunAsync("fmt");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("is no UTF-8", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_link_stays_a_link_and_a_mode_stays()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        string link = Path.Combine(_shop.Root, "link.md");
        File.SetUnixFileMode(_shop.DocumentPath, Mode);
        File.CreateSymbolicLink(link, _shop.DocumentPath);
        await Schemagate.RunAsync("changelog", "deployed", "add_sites_model", "--changelog", link);
        Assert.Equal(_shop.DocumentPath, new FileInfo(link).LinkTarget);
        Assert.Contains("`DEPLOYED`\n", _shop.Document, StringComparison.Ordinal);
        Assert.Equal(Mode, File.GetUnixFileMode(_shop.DocumentPath));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_shop.DocumentPath)!));
    }

    [Fact]
    public async Task Byte_order_mark_and_line_ends_survive()
    {
        string before = "\uFEFF" + _shop.Document.Replace("\n", "\r\n", StringComparison.Ordinal).TrimEnd();
        _shop.Document = before;
        await RunAsync("add", "--title", "x");
        const string Entry = "### x\r\n- **Status:** `PENDING`\r\n- **Date Added:** November 30, 2026";
        string expected = before
            .Replace("_None currently_", Entry, StringComparison.Ordinal)
            .Replace("December 24, 2025", "November 30, 2026", StringComparison.Ordinal);
        byte[] written = await File.ReadAllBytesAsync(_shop.DocumentPath, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Encoding.UTF8.GetString(written));
    }

    [Fact]
    public async Task Processes_that_edit_at_once_lose_nothing()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "schemagate");
        List<Process> running = [.. Enumerable.Range(0, 6).Select(number => Process.Start(new ProcessStartInfo(
            program, ["changelog", "add", "--title", $"change_{number}", "--changelog", _shop.DocumentPath])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!)];
        foreach (Process process in running)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Assert.Equal(6, ChangelogParser.Parse(_shop.Document).Count(ChangelogStatus.Pending));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_shop.DocumentPath)!));
    }

    [Fact]
    public async Task A_document_that_somebody_else_saves_meanwhile_is_edited_anew()
    {
        int asked = 0;
        EditOutcome Edit(string text)
        {
            if (asked++ == 0)
            {
                _shop.Document = text + "\nSaved by an editor.\n";
            }

            return ChangelogEditor.Apply(text, new ChangelogEdit.MoveEntry(Shop.Second, ChangelogStatus.Deployed));
        }

        await DocumentWriter.UpdateAsync(
            new(_shop.DocumentPath), Edit, Shell(), TestContext.Current.CancellationToken);
        Assert.Equal(2, asked);
        Assert.EndsWith("\nSaved by an editor.\n", _shop.Document, StringComparison.Ordinal);
        Assert.Equal(2, ChangelogParser.Parse(_shop.Document).Entries.Count(entry => entry.Section == ChangelogStatus.Deployed));
    }

    [Fact]
    public async Task A_document_that_changes_all_the_time_is_left_alone()
    {
        EditOutcome Edit(string text)
        {
            _shop.Document = text + "x";
            return ChangelogEditor.Apply(text, new ChangelogEdit.SetLastUpdated(new(2026, 1, 2)));
        }

        _shop.Document += "\n";
        DocumentException problem = await Assert.ThrowsAsync<DocumentException>(() => DocumentWriter.UpdateAsync(
            new(_shop.DocumentPath), Edit, Shell(), TestContext.Current.CancellationToken));
        Assert.Contains("changes while it is edited", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("\nxxxxx", _shop.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_an_entry_is_asked_for()
    {
        Schemagate program = new() { IsTerminal = true, Input = "add_coupons\nCoupons\nA table\nAn index\n\nLow\nDrop it\n\n" };
        Outcome outcome = await program.InvokeAsync(
            ["changelog", "add", "--changelog", _shop.DocumentPath], TestContext.Current.CancellationToken);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Title, such as add_coupons: Description: ", outcome.Error, StringComparison.Ordinal);
        ChangelogEntry entry = ChangelogParser.Parse(_shop.Document).Entries[0];
        Assert.Equal("add_coupons Coupons A table/An index Low Drop it", string.Join(
            ' ', entry.Name, entry.Field("Description")!.Text, string.Join('/', entry.Field("Changes")!.Items), entry.Risk,
            entry.Field("Rollback")!.Text));
    }

    [Theory]
    [InlineData("sed -i s/title_of_the_change/add_coupons/", 0)]
    [InlineData("true", 2)]
    [InlineData("false", 2)]
    [InlineData("sed -i d", 2)]
    [InlineData("sed -i s/###/#/", 1)]
    public async Task An_entry_may_be_written_in_an_editor(string editor, int code)
    {
        string before = _shop.Document;
        Schemagate program = new() { Editor = editor };
        Outcome outcome = await program.InvokeAsync(
            ["changelog", "add", "--edit", "--risk", "Low", "--changelog", _shop.DocumentPath], TestContext.Current.CancellationToken);
        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == 0, _shop.Document.Contains("### add_coupons\n- **Status:** `PENDING`\n", StringComparison.Ordinal));
        Assert.Equal(code == 0, before != _shop.Document);
    }

    [Theory]
    [InlineData("sed -i s/###/#/", 1)]
    [InlineData("sh -c 'echo mine >> $0; exit 3'", 2)]
    [InlineData("sh -c 'echo >> $0; echo [x]: y >> $0'", 1)]
    public async Task What_was_typed_is_kept_where_it_is_refused(string editor, int code)
    {
        Schemagate program = new() { Editor = editor };
        Outcome outcome = await program.InvokeAsync(
            ["changelog", "add", "--edit", "--changelog", _shop.DocumentPath], TestContext.Current.CancellationToken);
        Assert.Equal(code, outcome.Code);
        Match kept = Assert.Single(KeptFile().Matches(outcome.Error));
        string text = await File.ReadAllTextAsync(kept.Groups["file"].Value, TestContext.Current.CancellationToken);
        Assert.Contains("title_of_the_change", text, StringComparison.Ordinal);
        File.Delete(kept.Groups["file"].Value);
    }

    [Fact]
    public async Task Ctrl_C_is_the_editors()
    {
        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "schemagate"), ["changelog", "add", "--edit", "--changelog", _shop.DocumentPath])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["VISUAL"] = "kill -INT $PPID; sleep 1; sed -i s/title_of_the_change/add_coupons/";
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("### add_coupons\n", _shop.Document, StringComparison.Ordinal);
    }

    [GeneratedRegex("your text is kept in (?<file>[^\n]+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex KeptFile();

    [Fact]
    public async Task Formatting_is_checked_and_done()
    {
        Assert.Equal(0, (await RunAsync("fmt", "--check")).Code);
        string before = _shop.Document;
        _shop.Document = before.Replace("- **Status:** `MIGRATED`", "* __status__: migrated ", StringComparison.Ordinal);
        Outcome outcome = await RunAsync("fmt", "--check");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("\n-* __status__: migrated \n+- **Status:** `MIGRATED`\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("fmt")).Code);
        Assert.Equal(before, _shop.Document);
    }

    [Fact]
    public async Task Lists_are_tables_and_JSON()
    {
        _shop.Document = _shop.PendingDocument;
        Assert.Equal(
            "STATUS   NAME         DATE  RISK  DESCRIPTION\nPENDING  add_coupons\n",
            (await RunAsync("list", "--status", "pending")).Output);
        JsonNode list = JsonNode.Parse((await RunAsync("list", "-o", "json")).Output)!;
        Assert.Equal(
            "PENDING MIGRATED MIGRATED DEPLOYED",
            string.Join(' ', list["entries"]!.AsArray().Select(entry => (string?)entry!["status"])));
        Assert.Contains(list["entries"]![0]!["findings"]!.AsArray(), finding => (string?)finding!["id"] == "pending-change");
        JsonNode edit = JsonNode.Parse((await RunAsync("deployed", Shop.Second, "--dry-run", "-o", "json")).Output)!;
        Assert.Equal((true, false), ((bool)edit["changed"]!, (bool)edit["written"]!));
        Assert.Contains(edit["diff"]!.AsArray(), line => (string?)line == "+- **Status:** `DEPLOYED`");
    }

    [Fact]
    public async Task Names_are_completed_from_the_document_that_the_line_names()
    {
        foreach (string command in new[] { "show", "migrated", "deployed" })
        {
            Outcome outcome = await Schemagate.RunAsync("[suggest]", "changelog", command, "--changelog", _shop.DocumentPath, "20241224");
            Assert.Equal($"{Shop.Second}\n{Shop.Third}\n", outcome.Output);
        }

        Assert.Equal("", (await Schemagate.RunAsync("[suggest]", "changelog", "show", "--changelog", "/no/such", "2")).All);
    }

    private static SchemaGate.Cli.Shell Shell() => new(() => Stream.Null, _ => null, TimeProvider.System, IsColoured: false);

    private static (int Code, string Error) Told(Outcome outcome) => (outcome.Code, outcome.Error);

    /// <summary>On a day of 2026.</summary>
    private Task<Outcome> RunAsync(params string[] command) => new Schemagate { Time = new Noon() }.InvokeAsync(
        ["changelog", .. command, "--changelog", _shop.DocumentPath], TestContext.Current.CancellationToken);

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    }
}
