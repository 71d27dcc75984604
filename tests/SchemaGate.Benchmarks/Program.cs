using BenchmarkDotNet.Running;
using SchemaGate.Benchmarks;
using SchemaGate.Benchmarks.Reconciling;
using SchemaGate.Benchmarks.Startup;

switch (args)
{
    case ["reconcile", .. var more]:
        return await ReconcileCommand.RunAsync(more is [var ns] ? ns : "schemagate-system");
    case ["startup", .. var more]:
        return await StartupCommand.RunAsync(more is [var binary] ? binary : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ChangelogParseBenchmark).Assembly).Run(args);
        return 0;
}
