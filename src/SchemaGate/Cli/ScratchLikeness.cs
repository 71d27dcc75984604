using System.CommandLine;

namespace SchemaGate.Cli;

/// <summary><c>--like</c>: what a scratch database has before anything pending runs in it.</summary>
internal static class ScratchLikeness
{
    public static Option<string> Option { get; } = Create();

    /// <summary>Whether it is made of the live database's catalog, not of what the applied migrations build.</summary>
    /// <exception cref="UsageException">No live database is named.</exception>
    public static bool IsLive(ParseResult arguments, DatabaseChoice? live) => (arguments.GetValue(Option), live) switch
    {
        ("live", null) => throw new UsageException("--like live needs the live database: name it with --database."),
        ("live", _) => true,
        _ => false,
    };

    private static Option<string> Create()
    {
        Option<string> option = new("--like")
        {
            Description = "What the scratch database is made of: the applied migrations, or the live database's catalog, which may have "
                + "more than they made.",
            DefaultValueFactory = _ => "history",
        };
        return option.AcceptOnlyFromAmong("history", "live");
    }
}
