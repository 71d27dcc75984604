using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Pages;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Pages;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// <c>GET /gates</c> and <c>GET /gates/{namespace}/{name}</c>: what <c>changelog render</c> writes, of a gate, for who may get it. Shown
/// is what this process has in memory: nobody who looks makes it ask a registry, a database or the API server for a gate.
/// </summary>
/// <param name="view">The caches.</param>
/// <param name="readers">Tells who may see what.</param>
/// <param name="images">What the leader has read.</param>
/// <param name="leader">Null in the leading replica, which alone reads images; else the leader's identity, as far as it is known.</param>
/// <param name="time">The time.</param>
internal sealed class PagesEndpoint(ClusterView view, GateReaders readers, ImageEvidence images, Func<string?> leader, TimeProvider time)
    : IDisposable
{
    /// <summary>A page takes some ten megabytes while it is made.</summary>
    private const int AtATime = 2;

    /// <summary>Pages that are in memory, because their readers have not taken them yet.</summary>
    private const int MostHeld = 8;

    /// <summary>Of a reader who may not list gates everywhere: namespaces, and then gates, that are asked about.</summary>
    private const int MostAsked = 20;

    private const string Root = "/gates";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A reader who takes longer is cut off.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim slots = new(AtATime);
    private readonly SemaphoreSlim held = new(MostHeld);

    /// <param name="context">The request and its answer.</param>
    /// <param name="ready">Incomplete caches show nothing.</param>
    public async Task AnswerAsync(HttpContext context, Readiness ready)
    {
        if (!await held.WaitAsync(Patience, context.RequestAborted))
        {
            await WriteAsync(Busy("too many ask at once"), context);
            return;
        }

        try
        {
            await WriteAsync(await ToAsync(context, ready), context);
        }
        finally
        {
            held.Release();
        }
    }

    public void Dispose()
    {
        slots.Dispose();
        held.Dispose();
    }

    private async Task WriteAsync(PageAnswer answer, HttpContext context)
    {
        using CancellationTokenSource late = new(LongestWrite, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            await answer.WriteAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task<PageAnswer> ToAsync(HttpContext context, Readiness ready) =>
        (context.Request.Method, ready.Knows) switch
        {
            (not ("GET" or "HEAD"), _) => new(StatusCodes.Status405MethodNotAllowed, "Not allowed", "Pages can only be read."),
            (_, false) => Busy(ready.Missing ?? "starting"),
            _ => await AnswerAsync(context.Request.Path.Value ?? "", Token(context.Request.Headers.Authorization), context.RequestAborted),
        };

    private async Task<PageAnswer> AnswerAsync(string path, StringValues authorization, CancellationToken cancellation) =>
        path.TrimEnd('/').Split('/') switch
        {
            [""] => PageAnswer.To(Root),
            ["", "gates"] => await OverviewAsync(authorization, cancellation),
            ["", "gates", var ns, var name] when Requirement.IsName(ns) && Requirement.IsName(name) =>
                await GateAsync(new(ns, name), authorization, cancellation),
            _ => new(StatusCodes.Status404NotFound, "Not found", $"Pages are at {Root} and {Root}/NAMESPACE/NAME."),
        };

    private async Task<PageAnswer> GateAsync(ObjectKey key, StringValues authorization, CancellationToken cancellation)
    {
        CallerAccess access = await readers.AccessAsync(
            authorization, GateReaders.To("get", SchemaGateResource.Resource, key.Namespace, key.Name), cancellation);
        if (Refusal(access, $"You may not get the SchemaGate {key.Name} in namespace {key.Namespace}.") is { } refusal)
        {
            return refusal;
        }

        return view.Gate(key) is { } gate
            ? await MadeAsync(() => PageDocument.Of(PageOf(gate), PageDocument.LongestServed), cancellation)
            : new(StatusCodes.Status404NotFound, "Not found", $"There is no SchemaGate {key.Name} in namespace {key.Namespace}.");
    }

    private ChangelogPage PageOf(SchemaGateResource gate)
    {
        GateSpec spec = SpecReader.Read(gate.Spec).Spec;
        (string Tenant, string Name) key = (gate.Metadata.NamespaceProperty ?? "", gate.Metadata.Name ?? "");
        ChangelogEvidence? files = gate.Status?.Changelog?.Digest is { } digest ? images.Recall(key, spec.Changelog, digest) : null;
        ChangelogPage page = files is null
            ? new ChangelogPage(key.Name, [], time.GetUtcNow()) { Source = spec.Changelog.Image, Notes = [WhyEmpty()] }
            : GatePages.Of(
                key.Name, files, spec, [GatePages.DatabaseOf(gate, files.Migrations.Names)], time.GetUtcNow(), PageLimits.Served);
        return page with { Gate = GatePages.Of(gate), Overview = Root };
    }

    private string WhyEmpty() => leader() switch
    {
        null => "The gate's image is not in memory: it was not read yet, or cannot be, as the conditions say.",
        "" => "The entries are in the memory of the leading replica, and none leads now.",
        var identity => $"The entries are in the memory of the leading replica, `{identity.Split('_')[0]}`: ask that one, such as by "
            + $"`kubectl port-forward pod/{identity.Split('_')[0]}`.",
    };

    private async Task<PageAnswer> OverviewAsync(StringValues authorization, CancellationToken cancellation)
    {
        CallerAccess everywhere = await readers.AccessAsync(
            authorization, GateReaders.To("list", SchemaGateResource.Resource, null, null), cancellation);
        if (everywhere is CallerAccess.Nobody or CallerAccess.NotAsked)
        {
            return Refusal(everywhere, "")!;
        }

        (List<SchemaGateResource> gates, bool isAll) = everywhere == CallerAccess.Allowed
            ? ([.. view.Gates], true)
            : await ReadableAsync(authorization, cancellation);
        string[] notes = isAll ? [] : [$"Gates that you may see and that are not here have pages of their own: {Root}/NAMESPACE/NAME."];
        PageGate[] shown = [.. gates.Select(GatePages.Of).OrderBy(gate => gate.Name, StringComparer.Ordinal)];
        GatesPage page = new(shown, time.GetUtcNow()) { Notes = notes };
        return await MadeAsync(() => PageDocument.Of(page, PageDocument.LongestServed), cancellation);
    }

    /// <summary>Those of namespaces that they may list, and then those that they may get; of each so many are asked about.</summary>
    private async Task<(List<SchemaGateResource> Gates, bool IsAll)> ReadableAsync(
        StringValues authorization, CancellationToken cancellation)
    {
        List<SchemaGateResource> readable = [];
        List<SchemaGateResource> others = [];
        bool isAsked = true;
        IGrouping<string, SchemaGateResource>[] namespaces =
            [.. view.Gates.GroupBy(gate => gate.Metadata.NamespaceProperty ?? "", StringComparer.Ordinal).OrderBy(
                group => group.Key, StringComparer.Ordinal)];
        foreach (IGrouping<string, SchemaGateResource> group in namespaces.Take(MostAsked))
        {
            CallerAccess access = await readers.AccessAsync(
                authorization, GateReaders.To("list", SchemaGateResource.Resource, group.Key, null), cancellation);
            isAsked &= access != CallerAccess.NotAsked;
            (access == CallerAccess.Allowed ? readable : others).AddRange(group);
        }

        foreach (SchemaGateResource gate in others.Take(MostAsked))
        {
            CallerAccess access = await readers.AccessAsync(
                authorization,
                GateReaders.To("get", SchemaGateResource.Resource, gate.Metadata.NamespaceProperty, gate.Metadata.Name),
                cancellation);
            isAsked &= access != CallerAccess.NotAsked;
            readable.AddRange(access == CallerAccess.Allowed ? [gate] : []);
        }

        return (readable, isAsked && namespaces.Length <= MostAsked && others.Count <= MostAsked);
    }

    /// <summary>A few at a time.</summary>
    private async Task<PageAnswer> MadeAsync(Func<string> make, CancellationToken cancellation)
    {
        if (!await slots.WaitAsync(Patience, cancellation))
        {
            return Busy("too many ask at once");
        }

        try
        {
            return PageAnswer.Of(make());
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Null for who may.</summary>
    private static PageAnswer? Refusal(CallerAccess access, string sentence) => access switch
    {
        CallerAccess.Allowed => null,
        CallerAccess.Nobody => new(
            StatusCodes.Status401Unauthorized, "Who is there?",
            "Send a token of this cluster's, such as `kubectl create token` gives: as a bearer token, or as the password in a browser."),
        CallerAccess.Refused => new(StatusCodes.Status403Forbidden, "Not yours to see", sentence),
        _ => Busy("the API server could not be asked who you are"),
    };

    private static PageAnswer Busy(string why) =>
        new(StatusCodes.Status503ServiceUnavailable, "Not now", $"There is no page: {why}. Ask again in a moment.");

    /// <summary>A browser asks for a user and a password (RFC 7617) and sends no bearer token: the password is the token.</summary>
    private static StringValues Token(StringValues authorization)
    {
        if (authorization is not [{ } header] || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization;
        }

        Span<byte> pair = new byte[header.Length];
        string text = Convert.TryFromBase64String(header[6..].Trim(), pair, out int length) ? Encoding.UTF8.GetString(pair[..length]) : "";
        return $"Bearer {text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]}";
    }
}
