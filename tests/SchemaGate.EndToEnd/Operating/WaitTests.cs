using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Operating;

public sealed class WaitTests(OperatorFixture schemagate)
{
    [Fact]
    public async Task A_job_whose_init_container_waits_begins_when_its_requirement_is_released()
    {
        await using Shop shop = await Shop.OpenAsync(schemagate);
        await shop.MigrateAsync(Shop.First);
        await shop.ApplyGateAsync("2");
        await shop.GateSaysAsync("MigrationsPending");
        await AuthorityAsync(shop);

        await Shop.ApplyManifestAsync(await JobAsync(shop));
        string log = "";
        await Eventually.TrueAsync(
            async () => (log = (await TestEnvironment.TryAsync("kubectl", ["-n", shop.Namespace, "logs", "job/report", "-c", "wait"]))
                .Output).Contains("MigrationsPending", StringComparison.Ordinal),
            () => $"the init container says why it waits: {log}");
        Assert.Contains(Shop.Second, log, StringComparison.Ordinal);
        await Eventually.StaysAsync(
            async () => (await shop.InShopAsync(
                "get",
                "pods",
                "-l",
                "job-name=report",
                "-o",
                "jsonpath={.items[0].status.phase}")) == "Pending",
            () => "the Job waits");

        await shop.MigrateAsync(Shop.First, Shop.Second);
        await shop.InShopAsync("wait", "job/report", "--for=condition=Complete", "--timeout=120s");
    }

    internal static async Task AuthorityAsync(Shop shop)
    {
        string authority = await OperatorFixture.InNamespaceAsync(
            "get", "secret", "schemagate-webhook-tls", "-o", "go-template={{index .data \"ca.crt\" | base64decode}}");
        await shop.InShopAsync("create", "configmap", "schemagate-ca", $"--from-literal=ca.crt={authority}");
        // So that the log may say why.
        await shop.InShopAsync("create", "role", "reader", "--verb=get", "--resource=schemagates.schemagate.dev");
        await shop.InShopAsync("create", "rolebinding", "reader", "--role=reader", $"--serviceaccount={shop.Namespace}:default");
    }

    /// <summary>As the README writes it; the test cluster has no DNS, so the Service's name is written into the pod.</summary>
    private static async Task<string> JobAsync(Shop shop) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: { name: report, namespace: {{shop.Namespace}} }
        spec:
          template:
            spec:
              restartPolicy: Never
              hostAliases:
                - ip: {{await OperatorFixture.InNamespaceAsync("get", "service", "schemagate", "-o", "jsonpath={.spec.clusterIP}")}}
                  hostnames: [schemagate.schemagate-system.svc]
              initContainers:
                - name: wait
                  image: {{TestEnvironment.Image}}
                  args: [wait, "shop={{shop.Images.Reference("2")}}", --ca-file, /etc/schemagate/ca.crt]
                  env: [{ name: SCHEMAGATE_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }]
                  resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 128Mi } }
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: 65532
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
                  volumeMounts: [{ name: schemagate-ca, mountPath: /etc/schemagate, readOnly: true }]
              containers: [{ name: report, image: {{TestEnvironment.Image}}, args: [version] }]
              volumes: [{ name: schemagate-ca, configMap: { name: schemagate-ca } }]
        """;
}
