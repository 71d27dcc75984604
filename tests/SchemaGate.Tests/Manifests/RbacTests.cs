using System.Text.Json.Nodes;
using SchemaGate.Operator;
using SchemaGate.Operator.Serving;

namespace SchemaGate.Tests.Manifests;

/// <summary>What the operator, and people, may do.</summary>
public sealed class RbacTests
{
    private static readonly List<Manifest> s_roles = [.. Manifest.OfKind("Role", "ClusterRole")];

    public static TheoryData<string> Files =>
        [.. s_roles.Select(role => Path.GetRelativePath(Manifest.Folder, role.Path)).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void No_rule_has_a_wildcard() =>
        Assert.DoesNotContain(Rules(s_roles).SelectMany(rule => rule)
            .SelectMany(member => Manifest.Texts(member.Value)), text => text.Contains('*', StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_rule_has_its_reason_above_it(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Manifest.Folder, file));
        int[] rules = [.. Enumerable.Range(0, lines.Length)
            .Where(line => lines[line].StartsWith("  - apiGroups:", StringComparison.Ordinal))];
        Assert.NotEmpty(rules);
        Assert.All(rules, line => Assert.StartsWith("  # ", lines[line - 1], StringComparison.Ordinal));
    }

    [Fact]
    public void The_operator_deletes_nothing_but_its_Jobs_and_pods_that_wait_and_hands_out_no_rights() => Assert.Equal(
        ["jobs delete", "pods delete"],
        Rules(OfTheOperator).SelectMany(rule => Manifest.Texts(rule["verbs"])
            .Intersect(["delete", "deletecollection", "escalate", "bind", "impersonate"], StringComparer.Ordinal)
            .Select(verb => $"{string.Join(' ', Manifest.Texts(rule["resources"]))} {verb}")), StringComparer.Ordinal);

    [Fact]
    public void The_operator_makes_only_what_has_no_name_yet_and_puts_back_its_registration_by_name()
    {
        Assert.Equal(
            ["events", "jobs", "leases", "secrets", "subjectaccessreviews", "tokenreviews"], Made(isNamed: false), StringComparer.Ordinal);
        Assert.Equal(
            ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"], Made(isNamed: true), StringComparer.Ordinal);
    }

    private static string[] Made(bool isNamed) =>
    [
        .. Rules(OfTheOperator).Where(rule => Manifest.Texts(rule["verbs"]).Contains("create", StringComparer.Ordinal)
                && Manifest.Texts(rule["resourceNames"]).Any() == isNamed)
            .SelectMany(rule => Manifest.Texts(rule["resources"])).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void The_operator_writes_only_its_own_Secrets() => Assert.Equal(
        [CertificateSet.SecretName, SealKey.SecretName],
        Rules(OfTheOperator).Where(rule => Manifest.Texts(rule["resources"]).Contains("secrets", StringComparer.Ordinal)
                && Manifest.Texts(rule["verbs"]).Intersect(["update", "patch"], StringComparer.Ordinal).Any())
            .SelectMany(rule => Manifest.Texts(rule["resourceNames"])), StringComparer.Ordinal);

    [Fact]
    public void Each_binding_names_a_role_and_an_account_that_are_there()
    {
        string[] accounts = [.. Manifest.OfKind("ServiceAccount").Select(account => account.Name)];
        Assert.All(Manifest.OfKind("RoleBinding", "ClusterRoleBinding"), binding =>
        {
            JsonNode role = binding.Content["roleRef"]!;
            Assert.Contains(s_roles, known => (known.Kind, known.Name) == (role["kind"]!.ToString(), role["name"]!.ToString()));
            Assert.All(Manifest.Items(
                binding.Content["subjects"]), subject => Assert.Contains(subject!["name"]!.ToString(), accounts, StringComparer.Ordinal));
        });
    }

    private static IEnumerable<Manifest> OfTheOperator =>
        s_roles.Where(role => !role.Path.EndsWith("people.yaml", StringComparison.Ordinal));

    private static IEnumerable<JsonObject> Rules(IEnumerable<Manifest> roles) =>
        roles.SelectMany(role => Manifest.Items(role.Content["rules"])).Select(rule => rule!.AsObject());
}
