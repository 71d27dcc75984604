using SchemaGate.Api;

namespace SchemaGate.Cli.Status;

/// <summary>That a person holds a gate open for one requirement, as the operator saw it last.</summary>
/// <param name="Until">When it ends by itself.</param>
internal sealed record OverrideLine(string Requires, string Reason, string By, DateTimeOffset? At, DateTimeOffset? Until)
{
    public static OverrideLine? Of(OverrideStatus? opened) => opened?.Requires is not { } requires ? null
        : new(requires, opened.Reason ?? "", opened.By ?? "", opened.At, opened.Until);
}
