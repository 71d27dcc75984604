namespace SchemaGate.Core.Gates.Rehearsing;

/// <summary>Code that gives its sessions a name (<see cref="Names.ApplicationName"/>).</summary>
/// <param name="ApplicationName">As its pod template says.</param>
/// <param name="Requires">What it requires of the gate, as <see cref="RunningCode.Requires"/>.</param>
public sealed record NamedCode(string ApplicationName, string? Requires)
{
    /// <summary>The server cuts what is longer (NAMEDATALEN).</summary>
    private const int Longest = 63;

    /// <summary>
    /// The name as every server keeps it; null for what none does. They replace what is not printable ASCII, and each version otherwise.
    /// </summary>
    public string? Kept => ApplicationName.Any(character => character is < ' ' or > '~') ? null
        : ApplicationName[..Math.Min(ApplicationName.Length, Longest)];
}
