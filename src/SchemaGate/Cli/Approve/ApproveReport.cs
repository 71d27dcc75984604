using SchemaGate.Api;

namespace SchemaGate.Cli.Approve;

/// <summary>What <c>approve</c> found and did.</summary>
/// <param name="Plan">The hash of the gate's plan; null where there is none.</param>
/// <param name="Risk">Low, Medium, High or Unknown.</param>
/// <param name="Pending">The pending migrations' names.</param>
/// <param name="Migrations">What each does, as far as that is known.</param>
/// <param name="Problem">Why nothing was approved; null where nothing is wrong.</param>
internal sealed record ApproveReport(
    string Namespace, string Gate, string? Plan, string? Risk, IReadOnlyList<string> Pending, IReadOnlyList<ApproveLine> Migrations,
    string? Problem)
{
    public bool Approved { get; init; }

    /// <summary>Who approved it, as the API server says.</summary>
    public string? By { get; init; }

    public static ApproveReport Of(string ns, string name, SchemaGateResource? gate, string? asked)
    {
        PlanStatus? plan = gate?.Status?.Plan;
        return new(
            ns, name, plan?.Hash, plan?.Risk, gate?.Status?.Migrations?.Pending ?? [],
            [.. (plan?.Migrations ?? []).Select(
                migration => new ApproveLine(migration.Name ?? "", migration.Risk ?? "", migration.Message ?? ""))],
            gate is null ? $"There is no SchemaGate {name} in namespace {ns}." : Obstacle(name, gate.Status, asked));
    }

    private static string? Obstacle(string name, SchemaGateStatus? status, string? asked)
    {
        if (status?.Plan?.Hash is not { } hash)
        {
            return $"The gate {name} has no plan that waits: it says {status?.Reason ?? "nothing yet"}. " + $"{status?.Message}".TrimEnd();
        }

        return asked is not null && (asked.Length < 8 || !hash.StartsWith(asked, StringComparison.OrdinalIgnoreCase))
            ? $"The gate's plan is {hash[..12]}, and not {asked}. Look at it again."
            : null;
    }
}

/// <summary>One pending migration.</summary>
internal sealed record ApproveLine(string Name, string Risk, string Message);
