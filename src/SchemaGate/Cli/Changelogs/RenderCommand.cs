using System.CommandLine;
using System.Text;
using SchemaGate.Api;
using SchemaGate.Cli.Completing;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Pages;
using SchemaGate.Evidence;
using SchemaGate.Pages;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>schemagate changelog render</c>: the changelog as one HTML page.</summary>
internal static class RenderCommand
{
    private static readonly Option<string?> Document = new("--document")
    {
        HelpName = "PATH",
        Description = $"The document, below PATH. Default: {string.Join(", then ", ChangelogSource.DefaultDocuments)}.",
    };

    private static readonly Option<string?> Gate = new("--gate")
    {
        HelpName = "NAME",
        Description = "Show what this gate of the cluster says, what it has applied, and what it holds.",
        CompletionSources = { ClusterNames.Gates },
    };

    private static readonly Option<string?> Title = new("--title")
    {
        HelpName = "TEXT",
        Description = "The page's title. Default: the gate's name, then the directory's.",
    };

    private static readonly Option<string?> Out = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "Where to write the page. Default: standard output.",
    };

    public static Command Create(Shell shell)
    {
        Command command = new("render", """
            Write the changelog as one HTML page.

            Each entry with its status, risk and findings, where it is applied, and its SQL with what each statement locks. The page
            is one file: it is readable without scripts, asks nobody for anything, and runs nothing that stands in the document.

            Examples:
              schemagate changelog render --out changelog.html
              schemagate changelog render services/shop --database production=- --out shop.html < url.txt
              schemagate changelog render --database staging="$STAGING_URL" --database production="$PRODUCTION_URL" -o shop.html
              schemagate changelog render --gate shop -n shop -o shop.html

            Exit codes: 0 written; 1 there is no document, no migration or no such gate; 2 wrong usage; 3 the cluster could not be
            reached or asked, or the page is written and says which database could not.
            """)
        {
            Checkout.Path, Document, Checkout.Migrations, DatabaseOptions.Tool, NamedDatabase.Option, Gate, ClusterOptions.Namespace,
            ClusterOptions.Kubeconfig, ClusterOptions.Context, Title, Out,
        };
        command.SetAction((arguments, cancellation) => arguments.GetValue(Gate) is { } gate
            ? GatedAsync(arguments, gate, shell, cancellation)
            : RenderAsync(arguments, null, shell, cancellation));
        return command;
    }

    private static Task<int> GatedAsync(ParseResult arguments, string name, Shell shell, CancellationToken cancellation)
    {
        if (!Requirement.IsName(name))
        {
            throw new UsageException("--gate: write a gate's name.");
        }

        return ClusterOptions.RunAsync(arguments, shell, async (client, ns) =>
            await ClusterOptions.FindGateAsync(client, ns, name, cancellation) is { } gate
                ? await RenderAsync(arguments, gate, shell, cancellation)
                : await RefuseAsync(arguments, $"there is no gate {name} in namespace {ns}."));
    }

    private static async Task<int> RenderAsync(
        ParseResult arguments, SchemaGateResource? gate, Shell shell, CancellationToken cancellation)
    {
        Checkout checkout = Checkout.Of(arguments);
        IReadOnlyList<NamedDatabase> named = await NamedDatabase.AllAsync(arguments, shell, cancellation);
        string? document = arguments.GetValue(Document) is { } path ? checkout.Below(path) : null;
        ChangelogFiles files = new(
            document, checkout.Below(arguments.GetValue(Checkout.Migrations)!), DatabaseOptions.ToolOf(arguments));
        Evidence<ChangelogEvidence> evidence = DirectoryEvidence.Read(checkout.Root, files);
        if (evidence is not Evidence<ChangelogEvidence>.Found { Value: var read })
        {
            return await RefuseAsync(arguments, evidence is Evidence<ChangelogEvidence>.Missing { Message: var why } ? why : "");
        }

        List<PageDatabase> databases = gate is null ? [] : [GatePages.DatabaseOf(gate, read.Migrations.Names)];
        bool areReached = true;
        int? major = null;
        using DatabaseEvidence reader = new(allowLocalFiles: true, shell.Time);
        foreach (NamedDatabase one in named)
        {
            (PageDatabase database, bool isReached, int? version) = await one.ReadAsync(reader, read.Migrations, cancellation);
            databases.Add(database);
            areReached &= isReached;
            major = major is null || version < major ? version : major;
        }

        evidence = await RiskEvidence.JudgedAsync(evidence, major, shell.Time, cancellation);
        ChangelogEvidence judged = ((Evidence<ChangelogEvidence>.Found)evidence).Value;
        ChangelogPage page = GatePages.Of(
            TitleOf(arguments, gate, checkout), judged with { DocumentPath = checkout.Shown(judged.DocumentPath) },
            gate is null ? null : SpecReader.Read(gate.Spec).Spec, databases, shell.Time.GetUtcNow());
        await WriteAsync(arguments, PageDocument.Of(gate is null ? page : page with { Gate = GatePages.Of(gate) }), cancellation);
        return areReached ? ExitCodes.Open : ExitCodes.Unreachable;
    }

    private static string TitleOf(ParseResult arguments, SchemaGateResource? gate, Checkout checkout) =>
        arguments.GetValue(Title) ?? gate?.Metadata.Name ?? Path.GetFileName(Path.GetFullPath(checkout.Root));

    /// <summary>Whoever looks at the file meanwhile sees the old page or the new one.</summary>
    private static async Task WriteAsync(ParseResult arguments, string html, CancellationToken cancellation)
    {
        if (arguments.GetValue(Out) is not { } file)
        {
            await arguments.InvocationConfiguration.Output.WriteAsync(html.AsMemory(), cancellation);
            return;
        }

        try
        {
            await WholeFile.WriteAsync(file, Encoding.UTF8.GetBytes(html), () => Task.FromResult(true), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(StyledText.Printable($"{file} cannot be written: {exception.Message}"));
        }
    }

    private static async Task<int> RefuseAsync(ParseResult arguments, string why)
    {
        await arguments.InvocationConfiguration.Error.WriteLineAsync($"schemagate: {StyledText.Printable(why)}");
        return ExitCodes.Blocked;
    }
}
