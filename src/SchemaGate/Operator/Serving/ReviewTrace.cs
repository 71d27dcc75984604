using System.Diagnostics;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator.Serving;

/// <summary>A review as a span. Without anybody who listens it is the review itself, and nothing is written to any object.</summary>
internal static class ReviewTrace
{
    public static Review Of(Review review) => (request, cancellation) =>
        Activities.IsOn ? TracedAsync(review, request, cancellation) : review(request, cancellation);

    /// <summary>What was decided of a hold, told on the review's span.</summary>
    /// <returns>The same.</returns>
    public static HoldOutcome Told(this HoldOutcome outcome)
    {
        (string verdict, string? reason) = outcome switch
        {
            HoldOutcome.Held { Why: var why } => ("held", why.Reason),
            HoldOutcome.Refused { Why: var why } => ("refused", why.Reason),
            _ => ("passed", (string?)null),
        };
        Activities.Decided(verdict, reason);
        return outcome;
    }

    private static async Task<AdmissionResponse> TracedAsync(Review review, AdmissionRequest request, CancellationToken cancellation)
    {
        RolloutTrace rollout = RolloutTrace.Of(request);
        using Activity? activity = Activities.Admission(request.Resource.Resource, rollout.Context)
            .Of(request.Namespace, request.Kind.Kind, request.Name);
        try
        {
            AdmissionResponse response = await review(request, cancellation);
            activity.Answered(request.Operation.ToString(), response.Allowed);
            return rollout.Noted(response, activity is { Recorded: true } ? activity.Id : null);
        }
        catch (Exception exception)
        {
            activity.Fail(exception.GetType().FullName!);
            throw;
        }
    }
}
