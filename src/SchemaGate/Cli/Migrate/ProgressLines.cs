using SchemaGate.Postgres.Applying;

namespace SchemaGate.Cli.Migrate;

/// <summary>
/// Progress, a line at a time and at once: not <see cref="Progress{T}"/>, which would print from another thread and out of order.
/// </summary>
internal sealed class ProgressLines(StyledText text) : IProgress<ApplyProgress>
{
    private string _place = "";

    public void Report(ApplyProgress value)
    {
        switch (value)
        {
            case ApplyProgress.WaitingForLock waiting:
                text.Line($"waiting for another run to let go of the migration lock: {waiting.Holder}");
                break;
            case ApplyProgress.Applying begun:
                _place = $"{begun.Number} of {begun.Total}";
                text.Line($"applying {_place}: {begun.Migration}");
                break;
            case ApplyProgress.Running running:
                string reason = running.Waiting is { } wait ? $"; it waits for {wait}" : "";
                text.Line($"running {_place}: {running.Migration}, statement {running.Number} of {running.Total}, line {running.Line}, "
                    + $"for {DurationText.Write(running.Elapsed)}{reason}");
                break;
            case ApplyProgress.Applied done:
                text.Line($"applied {_place}: {done.Migration} ({DurationText.Write(done.Duration)})");
                break;
        }
    }
}
