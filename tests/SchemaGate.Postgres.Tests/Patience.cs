using System.Diagnostics;

namespace SchemaGate.Postgres.Tests;

/// <summary>Waits for what another session does.</summary>
internal static class Patience
{
    /// <summary>Until the query's first row is the expected one.</summary>
    public static async Task UntilAsync(this TestDatabase database, string query, string expected)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while ((await database.QueryAsync(query))[0] != expected)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It did not come to that: {query}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
