namespace SchemaGate.Kubernetes.Resources;

/// <summary>The answer of /version. <see cref="Minor"/> may end in "+" on hosted clusters.</summary>
public sealed record ServerVersion
{
    public required string Major { get; init; }

    public required string Minor { get; init; }

    public required string GitVersion { get; init; }
}
