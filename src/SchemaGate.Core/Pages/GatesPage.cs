namespace SchemaGate.Core.Pages;

/// <summary>The overview: every gate that its reader may see.</summary>
/// <param name="Gates">By name.</param>
/// <param name="MadeAt">When it was made.</param>
public sealed record GatesPage(IReadOnlyList<PageGate> Gates, DateTimeOffset MadeAt)
{
    /// <summary>Gates of namespaces that the reader may list; else the reader must name one.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
