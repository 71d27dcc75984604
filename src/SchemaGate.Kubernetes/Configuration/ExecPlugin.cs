namespace SchemaGate.Kubernetes.Configuration;

/// <summary>A program that answers with a credential: client.authentication.k8s.io's ExecConfig.</summary>
/// <param name="ApiVersion">"client.authentication.k8s.io/v1" or v1beta1; the answer has to be in the same.</param>
/// <param name="Command">A name to be looked for along PATH, or a path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Beside this process's own.</param>
/// <param name="Info">The question in JSON, which the program finds in KUBERNETES_EXEC_INFO.</param>
/// <param name="InstallHint">Shown where the program is missing.</param>
internal sealed record ExecPlugin(
    string ApiVersion, string Command, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Environment,
    string Info, string? InstallHint)
{
    /// <summary>How long the program may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    public KubernetesException Failed(string what) =>
        new(
            StatusReason.CredentialPluginFailed,
            $"the kubeconfig's credential plugin '{Path.GetFileName(Command)}' {what}",
            retryable: true);

    // Arguments and environment may hold secrets, and a record prints its members.
    public override string ToString() => Command;
}
