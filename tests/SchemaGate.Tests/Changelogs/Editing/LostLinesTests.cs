using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Tests.Changelogs.Editing;

/// <summary>What a move takes away it has to write elsewhere.</summary>
public sealed class LostLinesTests
{
    private const string Entry = "### 1_a\n- **Status:** `MIGRATED`\n";

    [Theory]
    [InlineData("", Entry, null)]
    [InlineData("---\n\n_None currently_\n", Entry, null)]
    [InlineData("", "#### 1_a\n  - **Status:** `MIGRATED`\r\n", null)]
    [InlineData("<!-- sprint 42 -->\n", Entry, "<!-- sprint 42 -->")]
    [InlineData("[rfc]: https://rfc.example/1\n", Entry, "[rfc]: https://rfc.example/1")]
    [InlineData("- **Status:** `MIGRATED`\n", Entry, "- **Status:** `MIGRATED`")]
    public void A_line_that_is_written_nowhere_is_named(string beside, string written, string? lost) => Assert.Equal(
        lost, LostLines.First(
            $"{Entry}{beside}",
            new([new(0, Entry.Length + beside.Length, ""), new(Entry.Length + beside.Length, 0, written)], [])));
}
