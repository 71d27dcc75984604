using System.Globalization;
using BenchmarkDotNet.Running;
using SchemaGate.Benchmarks;
using SchemaGate.Benchmarks.Admitting;
using SchemaGate.Benchmarks.Applying;
using SchemaGate.Benchmarks.Branching;
using SchemaGate.Benchmarks.Diffing;
using SchemaGate.Benchmarks.Idling;
using SchemaGate.Benchmarks.Images;
using SchemaGate.Benchmarks.Linting;
using SchemaGate.Benchmarks.Proving;
using SchemaGate.Benchmarks.Reconciling;
using SchemaGate.Benchmarks.Releasing;
using SchemaGate.Benchmarks.Scaling;
using SchemaGate.Benchmarks.Startup;
using SchemaGate.Benchmarks.Waiting;

switch (args)
{
    case ["reconcile", .. var more]:
        return await ReconcileCommand.RunAsync(more is [var ns] ? ns : "schemagate-system");
    case ["startup", .. var more]:
        return await StartupCommand.RunAsync(
            more is [var binary] ? binary : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"));
    case ["idle", .. var more]:
        string[] numbers = [.. more.Where(word => word is not ("scraped" or "spread"))];
        return await IdleCommand.RunAsync(
            numbers is [var minutes, ..] ? double.Parse(minutes, CultureInfo.InvariantCulture) : 1,
            numbers is [_, _, ..] ? [.. numbers.Skip(1).Select(count => int.Parse(count, CultureInfo.InvariantCulture))] : [1, 100, 1_000],
            more.Contains("scraped"), more.Contains("spread"));
    case ["admission"]:
        return await AdmissionCommand.RunAsync();
    case ["held", .. var more]:
        return await HeldCommand.RunAsync(
            more is [] ? [0, 4] : [.. more.Select(minute => int.Parse(minute, CultureInfo.InvariantCulture))]);
    case ["burst", .. var more]:
        return await BurstCommand.RunAsync(more is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 2_000);
    case ["release", .. var ages]:
        return await ReleaseCommand.RunAsync(ages is [] ? [5, 60] : [.. ages.Select(age => int.Parse(age, CultureInfo.InvariantCulture))]);
    case ["scale", .. var more]:
        return await ScaleCommand.RunAsync(more is [var size] ? int.Parse(size, CultureInfo.InvariantCulture) : 2_000);
    case ["wait"]:
        return await WaitCommand.RunAsync();
    case ["lint", .. var more]:
        return await LintCommand.RunAsync(
            Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"), more is [var squawk] ? squawk : "squawk");
    case ["branch", .. var more]:
        return await BranchCommand.RunAsync(
            more is [var built, ..] ? built : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"), [.. more.Skip(1)]);
    case ["migrate", .. var more]:
        return await MigrateCommand.RunAsync(
            more is [var published] ? published : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"));
    case ["diff", .. var more]:
        return await DiffCommand.RunAsync(
            more is [var compared, ..] ? compared : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"),
            more.ElementAtOrDefault(1));
    case ["prove", .. var more]:
        return await ProveCommand.RunAsync(
            more is [var proving] ? proving : Path.Combine(Checkout.Root, "artifacts/schemagate/schemagate"));
    case ["image"]:
        return await ImageCommand.RunAsync();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ChangelogParseBenchmark).Assembly).Run(args);
        return 0;
}
