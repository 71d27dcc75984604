using System.Text.RegularExpressions;

namespace SchemaGate.Postgres.Tests.Reading;

/// <summary>A server that logs each statement, whoever sends it (documentation, 20.8.3, log_statement).</summary>
public sealed partial class LoggedServer : IAsyncLifetime
{
    private ThrowawayServer? _server;

    public string Url => _server!.Url;

    public async ValueTask InitializeAsync() => _server = await ThrowawayServer.StartAsync(
        "-c shared_preload_libraries=pg_stat_statements -c log_statement=all -c log_line_prefix=@%d@");

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    /// <summary>All that has been sent so far, with the database that it was sent to. A session writes it before it answers.</summary>
    internal IReadOnlyList<(string Database, string Sql)> Sent()
    {
        using FileStream file = new(_server!.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        return
        [
            .. Entry().Matches(reader.ReadToEnd()).Select(entry => (
                entry.Groups["database"].Value, entry.Groups["sql"].Value.Replace("\n\t", "\n", StringComparison.Ordinal))),
        ];
    }

    /// <summary>A statement's further lines begin with a tab.</summary>
    [GeneratedRegex(
        @"^@(?<database>[^@\n]*)@LOG:  (?:statement|execute [^:\n]*): (?<sql>[^\n]*(?:\n\t[^\n]*)*)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Entry();
}
