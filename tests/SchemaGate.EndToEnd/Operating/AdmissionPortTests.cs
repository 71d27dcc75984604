using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

/// <summary>Who is answered at the admission port, and what becomes of webhooks that somebody deletes.</summary>
[TestClass(DisableParallelization = true)]
public sealed class AdmissionPortTests(OperatorFixture schemagate)
{
    private const string Proxy = $"/api/v1/namespaces/{OperatorFixture.Namespace}/services/https:schemagate:443/proxy";

    private const string Review = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"r","operation":"UPDATE",
         "kind":{"group":"schemagate.dev","version":"v1alpha1","kind":"SchemaGate"},
         "resource":{"group":"schemagate.dev","version":"v1alpha1","resource":"schemagates"},
         "name":"shop","namespace":"shop","userInfo":{"username":"admin","groups":["system:masters"]},
         "object":{"metadata":{"name":"shop","namespace":"shop","uid":"g","annotations":
          {"schemagate.dev/open":"{\"requires\":\"m2\",\"reason\":\"because\"}"} },"spec":{} },
         "oldObject":{"metadata":{"name":"shop","namespace":"shop","uid":"g"},"spec":{} } } }
        """;

    /// <summary>By the API server's proxy, which reaches the port as any pod does.</summary>
    [Theory]
    [InlineData("claims")]
    [InlineData("5555555555555555555555555555555555555555555555555555555555555555/claims")]
    public async Task Who_does_not_know_the_path_gets_nothing(string path)
    {
        await schemagate.StartAsync();
        (int code, string output, string error) = await TestEnvironment.TryAsync(
            "kubectl",
            ["create", "--raw", $"{Proxy}/admission/{path}", "-f", "-"],
            Review);
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("AdmissionReview", output, StringComparison.Ordinal);
        Assert.Contains("NotFound", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mutatingwebhookconfiguration")]
    [InlineData("validatingwebhookconfiguration")]
    public async Task Webhooks_that_are_deleted_are_put_back_and_the_gap_is_told(string kind)
    {
        await schemagate.StartAsync();
        await TestEnvironment.RunAsync("kubectl", ["delete", kind, "schemagate"]);
        string bundle = "";
        await Eventually.TrueAsync(
            async () => (bundle = (await TestEnvironment.TryAsync(
                "kubectl", ["get", kind, "schemagate", "-o", "jsonpath={.webhooks[0].clientConfig.caBundle}"])).Output).Length > 0,
            () => $"the {kind} is there again");
        Assert.NotEmpty(bundle);
        Assert.Contains("the webhooks were deleted or changed", await OperatorFixture.LogAsync(), StringComparison.Ordinal);
        await OperatorFixture.WaitAsync();
    }
}
