using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Admission;

/// <summary>Asks the API server who somebody is and what they may do. What cannot be asked is answered with no.</summary>
public sealed class AccessReviews(KubernetesClient client)
{
    public async Task<AccessAnswer> MayAsync(V1UserInfo user, V1ResourceAttributes what, CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(user.Username))
        {
            return new(false, "nobody is named");
        }

        var spec = new V1SubjectAccessReviewSpec
        {
            User = user.Username,
            Uid = user.Uid,
            Groups = user.Groups,
            Extra = user.Extra,
            ResourceAttributes = what,
        };
        try
        {
            var review = await client.CreateAsync(Kinds.SubjectAccessReview, new() { Spec = spec }, cancellation);
            return review.Status is { } status
                ? new(status is { Allowed: true, Denied: not true }, Words(status.Reason, status.EvaluationError))
                : new(false, "the API server gave no answer");
        }
        catch (KubernetesException e)
        {
            return new(false, e.Message) { Failure = e };
        }
    }

    /// <param name="token">A bearer token, as a caller has sent it.</param>
    /// <param name="audiences">Whom it has to be meant for; the API server itself where empty.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<TokenAnswer> WhoAsync(string token, IReadOnlyList<string>? audiences = null, CancellationToken cancellation = default)
    {
        var spec = new V1TokenReviewSpec { Token = token, Audiences = [.. audiences ?? []] };
        try
        {
            var status = (await client.CreateAsync(Kinds.TokenReview, new() { Spec = spec }, cancellation)).Status;
            // An authenticator that does not know audiences answers with none, whatever was asked for.
            if (status is { Authenticated: true, User: { Username.Length: > 0 } user }
                && (spec.Audiences.Count == 0 || status.Audiences is { Count: > 0 }))
            {
                return new(user, "");
            }

            return new(null, status?.Error is { Length: > 0 } error ? error : "the API server does not know this token");
        }
        catch (KubernetesException e)
        {
            return new(null, e.Message) { Failure = e };
        }
    }

    private static string Words(params ReadOnlySpan<string?> parts)
    {
        var words = string.Join("; ", parts.ToArray().Where(part => !string.IsNullOrEmpty(part)));
        return words.Length > 0 ? words : "no rule of the cluster's says more";
    }
}

/// <summary>Whether, and the authorizer's words for it.</summary>
public sealed record AccessAnswer(bool Allowed, string Reason)
{
    /// <summary>Why it could not be asked; null where it was.</summary>
    public KubernetesException? Failure { get; init; }
}

/// <summary>Who; null and the reason where that is not known.</summary>
public sealed record TokenAnswer(V1UserInfo? User, string Reason)
{
    /// <summary>Why it could not be asked; null where it was.</summary>
    public KubernetesException? Failure { get; init; }
}
