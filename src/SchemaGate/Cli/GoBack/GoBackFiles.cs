using System.CommandLine;
using SchemaGate.Api;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.GoBack;

/// <summary>Reads migrations from the images that a gate and a workload's revisions name.</summary>
internal sealed class GoBackFiles
{
    /// <summary>How many images are read in search of a migration's file.</summary>
    private const int MostImages = 4;

    private readonly SchemaGateResource _gate;
    private readonly GateStanding _standing;
    private readonly ImageChoice _images;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, MigrationSet> _read = new(StringComparer.Ordinal);

    /// <param name="gate">The gate, as it is stored.</param>
    /// <param name="standing">What is on record of it.</param>
    /// <param name="arguments">How registries are asked; the directory is the gate's, where none is named.</param>
    /// <param name="shell">The process's surroundings.</param>
    /// <exception cref="UsageException">A file that was named cannot be used.</exception>
    public GoBackFiles(SchemaGateResource gate, GateStanding standing, ParseResult arguments, Shell shell)
    {
        (_gate, _standing, _time) = (gate, standing, shell.Time);
        ChangelogSource source = SpecReader.Read(gate.Spec).Spec.Changelog;
        ImageChoice choice = ImageOptions.Of(arguments, shell);
        _images = choice with
        {
            Migrations = arguments.GetResult(ImageOptions.Migrations) is { Implicit: false } ? choice.Migrations : source.Migrations,
            Tool = DatabaseOptions.ToolOf(arguments) ?? source.Tool ?? MigrationTool.Prisma,
            // Keys that stand in the gate itself need no right to read a Secret.
            Verify = choice.Verify ?? (source.Verify is { SecretName: null } own ? own : null),
        };
    }

    /// <summary>The gate's own image, by the digest that its status is about.</summary>
    public string Own => Pinned(_standing.Image, _standing.Digest);

    /// <summary>
    /// Where the files of later migrations may be: the gate's own image, what the workload requires, then what its revisions do, the newest
    /// first.
    /// </summary>
    public IReadOnlyList<string> Places(WorkloadPast past, Requirement older) =>
    [
        .. past.Revisions.Select(revision => revision.Requires).Prepend(past.Requires)
            .SelectMany(requires => Requirement.Parse(requires, out _))
            .Where(requirement => requirement.Gate == older.Gate && requirement.IsImage && requirement != older)
            .Select(Image).Prepend(Own).Distinct(StringComparer.Ordinal).Take(MostImages),
    ];

    /// <summary>What code knows that has this requirement: the image's set, or the gate's up to the migration.</summary>
    /// <exception cref="UsageException">It names no image that there can be, or no migration of the gate's image.</exception>
    /// <exception cref="DocumentException">The image cannot be read.</exception>
    public async Task<MigrationSet> OfAsync(Requirement requirement, CancellationToken cancellation)
    {
        if (requirement.IsImage)
        {
            return ImageProblems.OfReference(requirement.Value!) is { } problem
                ? throw new UsageException(StyledText.Printable($"--to: {problem}"))
                : await ReadAsync(Image(requirement), cancellation);
        }

        MigrationSet own = await ReadAsync(Own, cancellation);
        return own.Through(requirement.Value!) ?? throw new UsageException(StyledText.Printable(
            $"--to: {requirement.Value} is no image, and {Own} has no migration of that name"
            + $"{NearestNames.Hint(requirement.Value!, own.Names)}."));
    }

    /// <exception cref="DocumentException">The image cannot be read.</exception>
    public async Task<MigrationSet> ReadAsync(string image, CancellationToken cancellation)
    {
        if (_read.TryGetValue(image, out MigrationSet? known))
        {
            return known;
        }

        MigrationSet set = await _images.ReadAsync(image, _time, cancellation) switch
        {
            Evidence<MigrationSet>.Found { Value: { Problems: [var problem, ..] } } =>
                throw new DocumentException($"The migrations of {image} cannot be used: {problem}"),
            Evidence<MigrationSet>.Found { Value: var found } => found,
            Evidence<MigrationSet>.Missing { Message: var message } => throw new DocumentException(message),
            Evidence<MigrationSet>.Unreachable { Message: var message } => throw new DocumentException(message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return _read[image] = set;
    }

    /// <summary>A migration's file, for people.</summary>
    public string Script(string image, string name) => _images.Script(image, name);

    /// <summary>By the digest that the tag had when the gate let it through: the code was built beside that one.</summary>
    public string Image(Requirement requirement) => Pinned(
        requirement.Value!,
        _standing.Released.LastOrDefault(release => release.Requirement == requirement.Value && release.Digest is not null)?.Digest
            ?? (requirement.Value == _gate.Spec.Changelog?.Image ? _standing.Digest : null));

    private static string Pinned(string image, string? digest) =>
        digest is null || image.Contains('@', StringComparison.Ordinal) ? image : $"{image}@{digest}";
}
