namespace SchemaGate.Operator.Running;

/// <summary>What runs migrations where a gate brings nothing of its own.</summary>
/// <param name="Image">SchemaGate's own image; null where nobody knows it.</param>
/// <param name="RegistryAuthorities">Certificates that registries may be signed by, beside the system's, PEM; null without.</param>
internal sealed record RunnerOptions(string? Image, string? RegistryAuthorities)
{
    /// <summary>Where runs send their spans (OTLP); null for nowhere. It must hold no credential: every namespace may read it.</summary>
    public Uri? Collector { get; init; }

    /// <summary>By which protocol; null for the exporter's own default.</summary>
    public string? CollectorProtocol { get; init; }

    public const string NoImage = "This operator does not know its own image, with which it would run migrations: "
        + "start it with --runner-image, or give the gate a spec.migrate.template.";
}
