using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Migrate;

/// <summary>The set that <c>migrate</c> applies: a directory's or an image's, perhaps not to its end.</summary>
/// <param name="Set">The migrations, or why there are none.</param>
/// <param name="Script">The file of a migration, by the migration's name.</param>
internal sealed record MigrationSource(Evidence<MigrationSet> Set, Func<string, string> Script)
{
    /// <summary>The names of the whole directory, of which the set may be the first part.</summary>
    public IReadOnlyList<string> Known { get; private init; } = [];

    public static Option<string?> Image { get; } = new("--image")
    {
        HelpName = "REF",
        Description = "Read the migrations from this image instead of PATH. A digest is verified.",
    };

    public static Option<string?> Through { get; } = new("--through")
    {
        HelpName = "MIGRATION",
        Description = "The last migration that is applied. Default: the last one.",
    };

    public static IReadOnlyList<Option> Options { get; } = [Image, .. ImageOptions.All, Through];

    /// <summary>Why nothing can be applied; null where something can.</summary>
    public ApplyFailure? Failure => Set switch
    {
        Evidence<MigrationSet>.Unreachable unreachable => new(DatabaseFailure.Unreachable, unreachable.Message, []),
        Evidence<MigrationSet>.Missing { Reason: Reasons.RegistryAccessDenied } denied =>
            new(DatabaseFailure.AccessDenied, denied.Message, []),
        Evidence<MigrationSet>.Missing missing => new(DatabaseFailure.SetUnusable, missing.Message, []),
        _ => null,
    };

    /// <exception cref="UsageException">The directory is not there, the reference is none, or no migration has the name of
    /// <c>--through</c>.</exception>
    public static async Task<MigrationSource> ReadAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        MigrationSource source = await ReadAllAsync(arguments, shell, cancellation);
        return source.Set is Evidence<MigrationSet>.Found { Value: var set } && arguments.GetValue(Through) is { } through
            ? source with { Set = new Evidence<MigrationSet>.Found(UpTo(set, through)), Known = set.Names }
            : source;
    }

    /// <summary>The whole set.</summary>
    /// <exception cref="UsageException">The directory is not there, or the reference is none.</exception>
    public static async Task<MigrationSource> ReadAllAsync(ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(Image) is { } image)
        {
            return await OfImageAsync(image, arguments, shell, cancellation);
        }

        ImageOptions.RefuseKeyWithoutImage(arguments);
        return OfDirectory(Checkout.Of(arguments), arguments.GetValue(ImageOptions.Migrations)!);
    }

    private static async Task<MigrationSource> OfImageAsync(
        string image, ParseResult arguments, Shell shell, CancellationToken cancellation)
    {
        if (arguments.GetValue(Checkout.Path) is not null)
        {
            throw new UsageException("PATH and --image exclude each other.");
        }

        if (ImageProblems.OfReference(image) is { } problem)
        {
            throw new UsageException(StyledText.Printable($"--image: {problem}"));
        }

        ImageChoice choice = ImageOptions.Of(arguments, shell);
        return new(await choice.ReadAsync(image, shell.Time, cancellation), name => choice.Script(image, name));
    }

    private static MigrationSource OfDirectory(Checkout checkout, string path)
    {
        string migrations = checkout.Below(path);
        return new(DirectoryEvidence.ReadMigrations(checkout.Root, migrations, tool: null), name => checkout.Script(migrations, name));
    }

    /// <summary>What is wrong with a set is told before what is not in it.</summary>
    private static MigrationSet UpTo(MigrationSet set, string name) => set.Through(name) switch
    {
        { } part => part,
        null when set.Problems.Count > 0 => set,
        null => throw new UsageException(
            StyledText.Printable($"--through: there is no migration {name}{NearestNames.Hint(name, set.Names)}.")),
    };
}
