using System.Globalization;

namespace SchemaGate.Core.Gates.Wording;

/// <summary>The command that takes a held workload back to what runs.</summary>
public static class WayBack
{
    /// <summary>Without a number kubectl means the one before the newest, and with a third one that is held, too.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="set">As <c>statefulset/db</c>.</param>
    /// <param name="revision">The number of the newest revision that runs; null where none does.</param>
    /// <returns>Null where there is nothing to go back to.</returns>
    public static string? Of(string ns, string set, int? revision) => revision is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"kubectl rollout undo {set} -n {ns} --to-revision={revision}");

    /// <summary>
    /// kubectl's own where it does. It refuses a paused Deployment, and without a number it means the last but one of the revisions that
    /// were born: while a birth is refused that is the one before what runs.
    /// </summary>
    /// <param name="ns">The Deployment's namespace.</param>
    /// <param name="deployment">Its name.</param>
    /// <param name="isPaused">Whether it is paused.</param>
    /// <param name="revision">The newest revision that was born; null where none was.</param>
    /// <returns>Null where there is nothing to go back to.</returns>
    public static string? Of(string ns, string deployment, bool isPaused, string? revision) => (revision, isPaused) switch
    {
        (null, _) => null,
        (_, true) => $"schemagate undo deployment/{deployment} -n {ns}",
        _ => $"kubectl rollout undo deployment/{deployment} -n {ns} --to-revision={revision}",
    };

    /// <summary>By Argo's plugin of kubectl.</summary>
    /// <param name="ns">The Rollout's namespace.</param>
    /// <param name="rollout">Its name.</param>
    /// <param name="revision">The newest revision that was born; null where none was.</param>
    /// <returns>Null where there is nothing to go back to.</returns>
    public static string? OfRollout(string ns, string rollout, string? revision) =>
        revision is null ? null : $"kubectl argo rollouts undo {rollout} -n {ns} --to-revision={revision}";
}
