using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli;

/// <summary>What commands ask about images: how their registries are spoken to, and where the migrations are in them.</summary>
internal static class ImageOptions
{
    private const string DockerFile = "config.json";

    public static Option<bool> PlainHttp { get; } = new("--plain-http") { Description = "The image's registry speaks HTTP without TLS." };

    public static Option<string?> RegistryConfig { get; } = new("--registry-config")
    {
        HelpName = "FILE",
        Description = "Logins for registries, as docker's config.json has them; credential helpers that it names are not run. "
            + "Default: $DOCKER_CONFIG/config.json, else ~/.docker/config.json, where it is there.",
    };

    public static Option<string?> Authorities { get; } = new("--registry-ca-file")
    {
        HelpName = "FILE",
        Description = "Certificates (PEM) that registries may be signed by, beside the system's.",
    };

    public static Option<string[]> Key { get; } = new("--key")
    {
        HelpName = "FILE",
        Description = "Public keys (PEM, as cosign.pub) of which one must have signed the image with cosign. May be repeated.",
    };

    /// <summary>A key that nothing is asked for would pass for a check.</summary>
    /// <exception cref="UsageException">There is a key, and no image.</exception>
    public static void RefuseKeyWithoutImage(ParseResult arguments)
    {
        if (arguments.GetValue(Key) is { Length: > 0 })
        {
            throw new UsageException("--key is about an --image: nobody signs a directory.");
        }
    }

    public static Option<string> Migrations { get; } = new("--migrations")
    {
        HelpName = "PATH",
        Description = "The migrations directory, below PATH or in the image.",
        DefaultValueFactory = _ => ChangelogSource.DefaultMigrations,
    };

    public static IReadOnlyList<Option> All { get; } = [PlainHttp, RegistryConfig, Authorities, Key, Migrations];

    /// <exception cref="UsageException">A file that was named cannot be used.</exception>
    public static ImageChoice Of(ParseResult arguments, Shell shell)
    {
        string? authorities = arguments.GetValue(Authorities) is { } file ? Content(file) : null;
        if (ImageProblems.OfRegistries([], authorities) is { } problem)
        {
            throw new UsageException($"--registry-ca-file: {problem}.");
        }

        ImageChoice choice = new(arguments.GetValue(Migrations)!.Trim('/'), arguments.GetValue(PlainHttp), authorities)
        {
            Verify = arguments.GetValue(Key) is { Length: > 0 } keys ? new([.. keys.Select(Keys)]) : null,
        };
        return arguments.GetValue(RegistryConfig) is { } named
            ? choice with { Logins = Logins(named), LoginsFrom = named }
            : WithDefault(choice, shell);
    }

    private static string Keys(string file)
    {
        string text = Content(file);
        return ImageProblems.OfKeys(text) is { } problem
            ? throw new UsageException(StyledText.Printable($"--key: {file}: {problem}."))
            : text;
    }

    private static string Logins(string file)
    {
        string text = Content(file);
        return ImageProblems.OfLogins(text) is { } problem ? throw new UsageException($"--registry-config: {problem}.") : text;
    }

    /// <summary>A file that nobody named may be of any kind: then nobody logs in.</summary>
    private static ImageChoice WithDefault(ImageChoice choice, Shell shell)
    {
        string? directory = (shell.Variable("DOCKER_CONFIG"), shell.Variable("HOME")) switch
        {
            ({ Length: > 0 } given, _) => given,
            (_, { Length: > 0 } home) => Path.Combine(home, ".docker"),
            _ => null,
        };
        return directory is not null && SqlFiles.Read(Path.Combine(directory, DockerFile)) is Evidence<string>.Found { Value: var text }
            && ImageProblems.OfLogins(text) is null
            ? choice with { Logins = text, LoginsFrom = Path.Combine(directory, DockerFile) }
            : choice;
    }

    private static string Content(string file) => SqlFiles.Read(file) switch
    {
        Evidence<string>.Found { Value: var text } => text,
        Evidence<string>.Missing { Message: var message } => throw new UsageException(StyledText.Printable(message)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
