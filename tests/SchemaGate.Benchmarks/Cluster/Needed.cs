namespace SchemaGate.Benchmarks.Cluster;

/// <summary>What <c>tests/cluster/up</c> exports.</summary>
internal static class Needed
{
    public static string Registry => Variable("SCHEMAGATE_TEST_REGISTRY");

    public static Uri Database => new(Variable("SCHEMAGATE_TEST_DATABASE"));

    public static string Assets => Variable("KUBEBUILDER_ASSETS");

    public static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set; run: eval \"$(tests/cluster/up)\"");
}
