using System.Diagnostics;
using System.Globalization;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Tests.Postgres;

/// <summary>The parser and its tree are not the garbage collector's: what they take is seen in the process alone.</summary>
[Collection(Alone.Name)]
public sealed class ParserMemoryTests
{
    [Theory]
    [InlineData("SELECT 1", "+1", "")]
    [InlineData("SELECT 1", " UNION SELECT 1", "")]
    [InlineData("SELECT ", "NOT ", "a")]
    [InlineData("INSERT INTO t VALUES (1)", ",(1)", "")]
    [InlineData("SELECT 1", "::a", "")]
    [InlineData("SELECT a", "[1]", "")]
    public void The_worst_texts_of_every_length_take_bounded_memory_and_time(string start, string again, string end)
    {
        // The longest first: what one text took is not always given back, and would be another's for nothing.
        foreach (int bytes in (int[])[256 << 10, 1 << 20, 128 << 10, 64 << 10, 32 << 10])
        {
            string sql = start + string.Concat(Enumerable.Repeat(again, (bytes - 100) / again.Length)) + end;
            File.WriteAllText("/proc/self/clear_refs", "5");
            long before = Peak();
            Stopwatch watch = Stopwatch.StartNew();
            ParsedScript script = StatementReader.Read(sql);
            Assert.NotEmpty(script.Statements);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
            long taken = Peak() - before;
            Assert.True(taken < 40L << 20, $"{again} {bytes}: {taken >> 20} MiB");
        }
    }

    [Fact]
    public void Statements_that_are_each_small_are_read_however_many_words_they_have_together()
    {
        string sql = string.Concat(Enumerable.Repeat("ALTER TABLE t ADD a int;\n", 8000));
        IReadOnlyList<Statement> statements = StatementReader.Read(sql).Statements;
        Assert.Equal(8000, statements.Count);
        Assert.All(statements, statement => Assert.IsType<AlterTable>(statement));
    }

    /// <summary>The process's largest size since it was last reset (proc(5), VmHWM).</summary>
    private static long Peak() => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Replace("VmHWM:", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
