using System.Text.Json;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Operator;

// "Operator" is a keyword of another language, which a public namespace may not be (CA1716).
namespace SchemaGate.Tests.Operators;

public sealed class GateAdmissionTests
{
    private const string Spec = """{"changelog":{"image":"registry.test/shop:1"},"database":{"urlFrom":{"name":"shop-db","key":"DATABASE_URL"}}}""";

    [Fact]
    public void A_sound_gate_is_allowed() => Assert.True(Review($$"""{"metadata":{"name":"shop"},"spec":{{Spec}} }""").Allowed);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        AdmissionResponse response = Review("""{"metadata":{"name":"shop"},"spec":{"changelog":{"image":"UPPER CASE"},"enforcement":"Perhaps"}}""");
        Assert.Equal((false, 422), (response.Allowed, response.Status!.Code));
        Assert.Contains("spec.changelog.image: ", response.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.database.urlFrom.name is missing.", response.Status.Message, StringComparison.Ordinal);
        Assert.Contains("spec.enforcement must be one of", response.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_that_is_being_deleted_may_be_wrong() =>
        Assert.True(Review("""{"metadata":{"name":"shop","deletionTimestamp":"2026-01-02T03:04:05Z"},"spec":{}}""").Allowed);

    [Fact]
    public void A_deletion_has_no_object_and_is_allowed() => Assert.True(Review(null).Allowed);

    private static AdmissionResponse Review(string? value) => GateAdmission.Review(new()
    {
        Uid = "u",
        Operation = AdmissionOperation.Create,
        Kind = new("schemagate.dev", "v1alpha1", "SchemaGate"),
        Resource = new("schemagate.dev", "v1alpha1", "schemagates"),
        Object = value is null ? null : JsonElement.Parse(value),
    });
}
