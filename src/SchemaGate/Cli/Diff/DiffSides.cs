using System.CommandLine;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs.Syncing;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>Reads what <c>--from</c> and <c>--to</c> name.</summary>
internal sealed class DiffSides(ParseResult arguments, Shell shell)
{
    public const string Live = "live";
    public const string History = "history";
    public const string Migrations = "migrations";
    public const string Empty = "empty";
    private const string OfImage = "image:";
    private const string OfDatabase = "database:";

    private DatabaseChoice? _live;

    /// <summary>The words that stand for a side, for completion and help.</summary>
    public static IReadOnlyList<string> Words { get; } = [Live, History, Migrations, Empty, OfImage, OfDatabase];

    /// <summary>The live database.</summary>
    /// <exception cref="UsageException">None is named.</exception>
    public async Task<DatabaseChoice> LiveAsync(CancellationToken cancellation) =>
        _live ??= await DatabaseOptions.RequireAsync(arguments, shell, cancellation);

    /// <summary>The server on which scratch databases are made: the one that is named, or the live database's own.</summary>
    /// <exception cref="UsageException">Neither is named, or a URL cannot be read.</exception>
    public async Task<(DatabaseUrl Server, ScratchOptions Options)> ScratchAsync(CancellationToken cancellation)
    {
        DatabaseUrl? live = _live?.Parse() ?? (await DatabaseOptions.FindAsync(arguments, shell, cancellation))?.Parse();
        return await ScratchServer.ChooseAsync(arguments, shell, live, cancellation);
    }

    /// <param name="text">The side as it is written.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="UsageException">It names nothing.</exception>
    /// <exception cref="DocumentException">It cannot be read.</exception>
    public async Task<DiffSide> ReadAsync(string text, CancellationToken cancellation) => text switch
    {
        Live => OfUrl((await LiveAsync(cancellation)).Parse(), "the database"),
        History => (await AppliedAsync(cancellation)).Side,
        Migrations => OfSet(Checkout.Of(arguments), arguments.GetValue(ImageOptions.Migrations)!),
        Empty => new("nothing", "an empty database", new SchemaSource.Empty()),
        _ when Rest(text, OfImage) is { } image => await ImageAsync(image, cancellation),
        _ when Rest(text, OfDatabase) is { } url => OfUrl(
            new DatabaseChoice(await ScratchServer.UrlAsync(url, OfDatabase, shell, cancellation), OfDatabase, Schema: null).Parse(),
            "that database"),
        _ when text.Contains("://", StringComparison.Ordinal) => throw new UsageException("A database is written database:URL."),
        _ when text.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) => OfFile(text),
        _ when Directory.Exists(text) => OfDirectory(text),
        _ => throw new UsageException(StyledText.Printable(
            $"{text} is no file and no directory; a side is also one of {string.Join(", ", Words)}.")),
    };

    private static string? Rest(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static DiffSide OfUrl(DatabaseUrl url, string word) => new(url.ToString(), word, new SchemaSource.OfDatabase(url));

    /// <summary>The checkout's migrations, and which of them the live database has.</summary>
    /// <exception cref="DocumentException">One or the other cannot be read.</exception>
    public async Task<AppliedFiles> AppliedAsync(CancellationToken cancellation)
    {
        DatabaseChoice live = await LiveAsync(cancellation);
        Checkout checkout = Checkout.Of(arguments);
        string directory = checkout.Below(arguments.GetValue(ImageOptions.Migrations)!);
        MigrationSet set = Found(DirectoryEvidence.ReadMigrations(checkout.Root, directory, DatabaseOptions.ToolOf(arguments)));
        (AppliedSet applied, int major) = await HistoryOf.ReadAsync(live, set, shell, cancellation);
        return new(checkout, directory, set, applied, major);
    }

    private async Task<DiffSide> ImageAsync(string image, CancellationToken cancellation)
    {
        if (ImageProblems.OfReference(image) is { } problem)
        {
            throw new UsageException(StyledText.Printable($"image: {problem}"));
        }

        MigrationSet set = Found(await ImageOptions.Of(arguments, shell).ReadAsync(image, shell.Time, cancellation));
        return new($"the {Count(set)} of {image}", "the image", new SchemaSource.OfMigrations(set));
    }

    /// <summary>A checkout, or a directory of migrations.</summary>
    private DiffSide OfDirectory(string path)
    {
        Checkout checkout = new(Path.TrimEndingDirectorySeparator(path));
        string usual = arguments.GetValue(ImageOptions.Migrations)!;
        return OfSet(checkout, Directory.Exists(Path.Combine(path, usual)) ? usual : ".");
    }

    private DiffSide OfSet(Checkout checkout, string migrations)
    {
        string directory = checkout.Below(migrations);
        MigrationSet set = Found(DirectoryEvidence.ReadMigrations(checkout.Root, directory, DatabaseOptions.ToolOf(arguments)));
        return new($"the {Count(set)} of {checkout.Shown(directory)}", "the migrations", new SchemaSource.OfMigrations(set));
    }

    private static DiffSide OfFile(string path) => SqlFiles.Read(path) switch
    {
        Evidence<string>.Found { Value: var sql } => new(path, path, new SchemaSource.OfScript(path, sql)),
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable(message)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Count(MigrationSet set) => set.Migrations.Count == 1 ? "one migration" : $"{set.Migrations.Count} migrations";

    private static MigrationSet Found(Evidence<MigrationSet> evidence) => evidence switch
    {
        Evidence<MigrationSet>.Found { Value: var set } => set,
        Evidence<MigrationSet>.Missing { Message: var message } => throw new DocumentException(message),
        Evidence<MigrationSet>.Unreachable { Message: var message } => throw new DocumentException(message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
