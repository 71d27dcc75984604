using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Tests.Kubernetes;

public sealed class AdmissionReviewTests
{
    private const string Review = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"UPDATE",
        "kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},
        "subResource":"status","requestKind":{"group":"apps","version":"v1","kind":"Deployment"},"name":"web","namespace":"shop",
        "userInfo":{"username":"me","uid":"u-2","groups":["system:masters"],"extra":{"a":["b"]}},
        "object":{"spec":{"paused":true}},"oldObject":null,"dryRun":true,"options":{"kind":"UpdateOptions"}}}
        """;

    [Fact]
    public async Task A_request_is_read_with_its_user_and_objects()
    {
        var request = await ReadAsync(Review);
        Assert.Equal(("u-1", AdmissionOperation.Update, "status"), (request.Uid, request.Operation, request.SubResource));
        Assert.Equal(
            ("shop", "web", "deployments", "Deployment"),
            (request.Namespace, request.Name, request.Resource.Resource, request.Kind.Kind));
        Assert.Equal(("me", "u-2", "system:masters"), (request.UserInfo.Username, request.UserInfo.Uid, request.UserInfo.Groups.Single()));
        Assert.Equal(["b"], request.UserInfo.Extra["a"]);
        Assert.True(request.DryRun);
        Assert.True(request.Object!.Value.GetProperty("spec").GetProperty("paused").GetBoolean());
        Assert.Null(request.OldObject);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "it is null")]
    [InlineData("{}", "cannot be read")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1beta1"}""", "only admission.k8s.io/v1 is spoken")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1","request":null}""", "no request with a uid")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1","request":{"uid":"u","operation":"MELT"}}""", "cannot be read")]
    [InlineData(
        """{"apiVersion":"admission.k8s.io/v1","request":{"uid":"u","operation":"CREATE","kind":null,"resource":{}}}""",
        "a kind and a resource")]
    public async Task A_review_that_cannot_be_read_is_refused_in_words(string body, string words)
    {
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => ReadAsync(body));
        Assert.Equal(StatusReason.InvalidReview, refused.Reason);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_over_the_limit_is_not_read()
    {
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => ReadAsync(Review, Review.Length - 1));
        Assert.Contains("larger than", refused.Message, StringComparison.Ordinal);
        await ReadAsync(Review, Review.Length);
    }

    [Fact]
    public async Task A_denial_carries_its_words_and_code()
    {
        var answer = Answer((await ReadAsync(Review)).Deny("not yet", StatusReason.Invalid, 422));
        Assert.Equal(
            """{"uid":"u-1","allowed":false,"status":{"message":"not yet","reason":"Invalid","code":422}}""",
            answer["response"]!.ToJsonString());
        Assert.Equal(("admission.k8s.io/v1", "AdmissionReview"), ((string?)answer["apiVersion"], (string?)answer["kind"]));
        Assert.Null(answer["request"]);
    }

    [Fact]
    public async Task A_change_is_a_patch_in_base64()
    {
        var patch = JsonPatch.Empty.Add("/spec/paused", true);
        var answer = Answer((await ReadAsync(Review)).Allow(patch, "held"))["response"]!;
        Assert.Equal("JSONPatch", (string?)answer["patchType"]);
        Assert.Equal(patch.ToString(), Encoding.UTF8.GetString(Convert.FromBase64String((string)answer["patch"]!)));
        Assert.Equal("held", (string?)answer["warnings"]![0]);
    }

    [Fact]
    public async Task No_change_is_no_patch()
    {
        var answer = Answer((await ReadAsync(Review)).Allow(JsonPatch.Empty))["response"]!;
        Assert.Equal("""{"uid":"u-1","allowed":true}""", answer.ToJsonString());
    }

    private static Task<AdmissionRequest> ReadAsync(string body, int limit = 1 << 20) =>
        AdmissionReview.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), limit, TestContext.Current.CancellationToken);

    private static JsonNode Answer(AdmissionResponse response) => JsonNode.Parse(AdmissionReview.ToUtf8Json(response))!;
}
