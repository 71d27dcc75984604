using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Wording;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>What a message names beside its reason.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData(true, "idle for more than a minute: if its run has died (a pooler keeps the session), `psql -c 'SELECT pg_terminate")]
    [InlineData(false, "holds the lock. The gate looks again by itself.")]
    [InlineData(null, "If its run has died, `psql -c 'SELECT pg_terminate_backend(41)'` ends it.")]
    public void The_session_that_holds_the_lock_is_named_and_ended_where_it_idles(bool? isIdle, string words)
    {
        string message = Decided(State(Row(M(1)), Row(M(2), HistoryRowState.Unfinished)) with
        {
            RunInProgress = true,
            Lock = new(41, "pooled", Now.AddHours(-2), isIdle),
        });
        Assert.Contains(
            "Server process 41 (pooled), connected since 2026-01-02T01:04:05Z holds the lock.", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void Invalid_indexes_are_named_whatever_the_verdict_is(int required, int applied)
    {
        string message = GateDecision.Decide(Input(Image(Ms(1, required)), Applied(Ms(1, applied)) with
        {
            InvalidIndexes = ["public.box_a", "public.box_a_ccnew1", .. Enumerable.Range(0, 4).Select(number => $"public.i{number}")],
        })).Message;
        Assert.Contains("public.box_a is INVALID", message, StringComparison.Ordinal);
        Assert.Contains("`REINDEX INDEX CONCURRENTLY public.box_a`", message, StringComparison.Ordinal);
        Assert.Contains("did not end: `DROP INDEX CONCURRENTLY public.box_a_ccnew1`", message, StringComparison.Ordinal);
        Assert.Contains("There are more INVALID indexes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_history_beside_tables_is_told_of_the_baseline()
    {
        string message = Decided(State());
        Assert.Contains("2 of 2 migrations are not applied", message, StringComparison.Ordinal);
        Assert.Contains("record that first: `schemagate resolve --baseline`", message, StringComparison.Ordinal);
        Assert.DoesNotContain("--baseline", Decided(State() with { HasTables = false }), StringComparison.Ordinal);
        Assert.DoesNotContain("--baseline", Decided(Applied(M(1))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "m001 counts as applied", "never runs it.")]
    [InlineData(2, "m001, m002 count as applied", "never runs them.")]
    public void What_never_runs_is_one_or_several(int count, string words, string end)
    {
        string[] names = [.. Enumerable.Range(1, count).Select(number => $"m00{number}")];
        string message = GateWords.Of(new GateReason.NeverRun(names, MigrationTool.GolangMigrate, Closes: false));
        Assert.StartsWith(words, message, StringComparison.Ordinal);
        Assert.Contains(end, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "No migration is required.")]
    [InlineData(1, "The one required migration is applied.")]
    [InlineData(2, "All 2 required migrations are applied.")]
    public void Numbers_and_words_agree(int count, string message) =>
        Assert.Equal(message, GateDecision.Decide(Input(Image(Ms(1, count)), Applied(Ms(1, count)))).Message);

    [Fact]
    public void Many_migrations_without_an_entry_are_one_sentence()
    {
        string message = GateDecision.Decide(Input(Image(Ms(1, 9), Changelogs.Document.Of()), Applied(M(1)))).Message;
        Assert.Equal($"8 migrations have no entry: '{M(2)}', '{M(3)}', '{M(4)}', '{M(5)}', '{M(6)}' and 3 more. "
            + "Document them in the Migrated section.", message);
    }

    private static string Decided(DatabaseState state) => GateDecision.Decide(Input(Image(Ms(1, 2)), state)).Message;
}
