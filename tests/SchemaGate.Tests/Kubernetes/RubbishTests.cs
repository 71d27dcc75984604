using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Configuration;

using KubeconfigFile = SchemaGate.Kubernetes.Configuration.Kubeconfig;

namespace SchemaGate.Tests.Kubernetes;

public sealed class RubbishTests
{
    private const string Kubeconfig = """
        current-context: x
        clusters: [ { name: c, cluster: { server: "https://one", certificate-authority-data: YWJj } } ]
        users: [ { name: u, user: { token: abc, client-key-data: &a YWJj, client-certificate-data: *a, as: me, as-user-extra: { b: [ c ] },
          exec: { apiVersion: client.authentication.k8s.io/v1, command: a, args: [ b ], env: [ { name: c, value: d } ],
            provideClusterInfo: true } } } ]
        contexts: [ { name: x, context: { cluster: c, user: u } } ]
        """;

    private const string Review = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE",
        "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
        "userInfo":{"username":"me","groups":["a"]},"object":{"metadata":{"labels":{"a":"\u00e9"}}},"dryRun":false}}
        """;

    [Fact]
    public void A_damaged_kubeconfig_is_read_or_refused_in_words() =>
        Prop.ForAll(Damaged(Kubeconfig), text =>
            OnlyKubernetesExceptions(() => KubeconfigOf(text).Resolve(null))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_damaged_admission_review_is_read_or_refused_in_words() =>
        Prop.ForAll(Damaged(Review), text => OnlyKubernetesExceptions(() =>
            AdmissionReview.ReadAsync(new MemoryStream(Encoding.Latin1.GetBytes(text)), 1 << 20, default).GetAwaiter()
                .GetResult())).QuickCheckThrowOnFailure();

    private static KubeconfigFile KubeconfigOf(string text)
    {
        var merged = new KubeconfigFile();
        merged.Merge(YamlFile.Parse(text, "test"), "/");
        return merged;
    }

    /// <summary>The text with a piece replaced by another piece or by characters that mean something.</summary>
    private static Arbitrary<string> Damaged(string text) => Arb.From(
        from start in Gen.Choose(0, text.Length)
        from length in Gen.Choose(0, 12)
        from other in Gen.Choose(0, text.Length - 12)
        from signs in Gen.ArrayOf(Gen.Elements("{}[]:,\"'&*!|>%@`-?#\n\t\0\u00ff\u0085 a1~".ToCharArray()))
        from copy in Gen.Elements(true, false)
        select text[..start] + (copy ? text.Substring(other, 12) : new string(signs)) + text[Math.Min(text.Length, start + length)..]);

    private static bool OnlyKubernetesExceptions(Action read)
    {
        try
        {
            read();
        }
        catch (KubernetesException e)
        {
            return e.Message.Length > 0;
        }

        return true;
    }
}
