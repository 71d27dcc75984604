using System.Globalization;
using SchemaGate.Cli.Status;
using SchemaGate.Cli.Verify;

namespace SchemaGate.Cli.Explain;

/// <summary>Prints explanations for people.</summary>
internal static class ExplainPrinter
{
    public static void Print(ExplainReport report, DateTimeOffset now, StyledText text)
    {
        text.Line(report.Message, report.Open ? Style.Green : Style.Red);
        foreach (GateExplanation gate in report.Gates)
        {
            Print(gate, now, text);
        }

        foreach (WorkloadExplanation workload in report.Workloads)
        {
            Print(workload, now, text);
        }

        Next(report.Next, text);
    }

    public static void Print(ReasonReport report, StyledText text)
    {
        text.Line(report.Reason, Style.Bold);
        text.Line(report.Meaning);
        if (report.Verdict is { } verdict)
        {
            text.Line();
            text.Line($"Verdict      {verdict}");
            text.Line($"Ready        {report.Ready}");
            text.Line($"Reconciling  {report.Reconciling}");
            text.Line($"Stalled      {report.Stalled}");
        }

        Next(report.Next, text);
    }

    private static void Print(GateExplanation explanation, DateTimeOffset now, StyledText text)
    {
        GateLine gate = explanation.Gate;
        text.Line();
        text.Write($"gate/{gate.Name}", Style.Bold).Write("  ").Write(gate.Verdict, GatesPrinter.StyleOf(gate.Verdict));
        text.Line($"{(gate.Reason == gate.Verdict ? "" : $": {gate.Reason}")}{Since(gate.Since, now)}");
        text.Line($"  {gate.Message}");
        if (explanation.Meaning != gate.Message)
        {
            text.Line($"  {explanation.Meaning}", Style.Dim);
        }

        if (!gate.Current && gate.Image.Length > 0)
        {
            text.Line("  Its spec has changed since; it has not been judged anew.", Style.Yellow);
        }

        GatesPrinter.Runs(gate, now, text);
        foreach (ConditionLine condition in explanation.Conditions)
        {
            (string word, Style style) = condition.Status == "False" ? ("no", Style.Red) : ("?", Style.Yellow);
            text.Write($"  {condition.Type,-20} ").Write(word, style);
            text.Line($"  {condition.Reason}{(condition.Message == gate.Message ? "" : $": {condition.Message}")}");
        }
    }

    private static void Print(WorkloadExplanation workload, DateTimeOffset now, StyledText text)
    {
        text.Line();
        text.Write(workload.Name, Style.Bold).Write("  ");
        if (workload.Held)
        {
            text.Write("held", Style.Red).Line($": {workload.Reason}{Since(workload.Since, now)}");
        }
        else
        {
            text.Line("not held", Style.Green);
        }

        text.Line($"  requires {workload.Requires ?? "nothing"}");
        if (workload.Message is { } message)
        {
            text.Line($"  {message}");
        }

        foreach (RunningRevision revision in workload.Running)
        {
            text.Line(string.Create(
                CultureInfo.InvariantCulture, $"  runs {revision.Name}, {revision.Ready} of {revision.Replicas} ready, "
                    + $"which requires {revision.Requires ?? "nothing"}"));
        }

        if (workload.Running.Count == 0)
        {
            text.Line("  nothing of it runs");
        }
    }

    private static string Since(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } time ? $", for {GatesPrinter.Age(now - time)}" : "";

    private static void Next(IReadOnlyList<string> steps, StyledText text)
    {
        if (steps.Count == 0)
        {
            return;
        }

        text.Line();
        text.Line("Next", Style.Bold);
        foreach (string step in steps)
        {
            text.Line($"  {step}");
        }
    }
}
