using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli;

/// <summary>The directory that a command reads, and how its files are named to people: as seen from where they are.</summary>
/// <param name="Root">The directory as given.</param>
internal sealed record Checkout(string Root)
{
    public static Argument<string?> Path { get; } = CreatePath();

    public static Option<string> Migrations { get; } = new("--migrations")
    {
        HelpName = "PATH",
        Description = "The migrations directory, below PATH; . for PATH itself.",
        DefaultValueFactory = _ => ChangelogSource.DefaultMigrations,
    };

    /// <exception cref="UsageException">PATH is no directory.</exception>
    public static Checkout Of(ParseResult arguments)
    {
        string path = arguments.GetValue(Path) ?? ".";
        string hint = File.Exists(path) ? "is a file. Name the directory above it, and the document with --document" : "is not there";
        return Directory.Exists(path)
            ? new Checkout(System.IO.Path.TrimEndingDirectorySeparator(path))
            : throw new UsageException($"PATH is a directory, and {StyledText.Printable(path)} {hint}.");
    }

    private static Argument<string?> CreatePath()
    {
        Argument<string?> path = new("PATH")
        {
            Description = "The directory that holds the document and the migrations. Default: the current one.",
            // Without a factory: its value would stand in the list of commands.
            Arity = ArgumentArity.ZeroOrOne,
        };
        path.Validators.Add(result =>
        {
            string given = result.GetValueOrDefault<string?>() ?? "";
            if (given.Contains("://", StringComparison.Ordinal))
            {
                result.AddError("PATH is a directory; a URL stands behind --database.");
            }
            else if (given.StartsWith('-'))
            {
                result.AddError($"There is no option {given}.");
            }
        });
        return path;
    }

    /// <summary>A path below the root, separated by slashes, whichever way it was written.</summary>
    public string Below(string path)
    {
        string root = System.IO.Path.GetFullPath(Root);
        return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetRelativePath(root, System.IO.Path.GetFullPath(path, root)))
            .Replace(System.IO.Path.DirectorySeparatorChar, '/');
    }

    /// <summary>A path below the root as one may open it from the current directory.</summary>
    public string Shown(string below)
    {
        // "." is the root itself, "./x" a file of it.
        string path = $"{below}/".StartsWith("./", StringComparison.Ordinal) ? below[Math.Min(2, below.Length)..] : below;
        string shown = Root == "." ? path : System.IO.Path.Combine(Root, path);
        return shown.Length == 0 ? Root : shown.Replace(System.IO.Path.DirectorySeparatorChar, '/');
    }

    /// <summary>A migration's file, likewise.</summary>
    public string Script(string migrations, string name) => Shown($"{migrations}/{name}/migration.sql");

    /// <summary>The root as a word of a command line.</summary>
    public string Word => ShellWord.Of(Root);
}
