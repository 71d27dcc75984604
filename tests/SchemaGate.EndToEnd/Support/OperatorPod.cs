namespace SchemaGate.EndToEnd.Support;

/// <summary>A replica of the operator as a process of this machine.</summary>
internal sealed record OperatorPod(NodeProcess Process)
{
    public string Name => Process.Pod;

    public static IReadOnlyList<OperatorPod> Running() =>
        [.. NodeProcess.Of("operator").Where(process => process.Words.Contains("--service=schemagate", StringComparer.Ordinal))
            .Select(process => new OperatorPod(process))];

    /// <summary>The one that a Lease's holder names.</summary>
    public static OperatorPod Of(string holder) => Running().Single(pod => holder.StartsWith(pod.Name, StringComparison.Ordinal));

    /// <summary>SIGKILL.</summary>
    public void Kill() => Process.Signal("KILL");

    /// <summary>SIGSTOP: it keeps its connections and does nothing.</summary>
    public void Pause() => Process.Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Process.Signal("CONT");
}
