using System.Runtime.InteropServices;
using DotNet.Testcontainers.Containers;
using SchemaGate.Containers;

// Holds one part of the tests' cluster in a container until it is told to end. tests/cluster/lib/containers.sh starts it, and says in the
// environment what Part reads.
if (args is not ["postgres" or "registry" or "kubernetes"])
{
    await Console.Error.WriteLineAsync("usage: containers postgres|registry|kubernetes");
    return 2;
}

using CancellationTokenSource ending = new();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    Part part = Part.FromEnvironment(args[0]);
    await using IContainer container = part.Build();
    await StartAsync(container);
    await part.StartedAsync(container);
    await Task.Delay(Timeout.Infinite, ending.Token);
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    // Disposing has taken the container away.
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

return 0;

// One that ends at once has said why; it says so no more when it has been taken away.
async Task StartAsync(IContainer container)
{
    try
    {
        await container.StartAsync(ending.Token);
    }
    catch (Exception) when (container.State == TestcontainersStates.Exited)
    {
        (string output, string error) = await container.GetLogsAsync();
        await Console.Error.WriteLineAsync($"{output}{error}");
        throw;
    }
}
