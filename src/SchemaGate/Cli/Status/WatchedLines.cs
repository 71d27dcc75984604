using System.Globalization;
using System.Text.Json;

namespace SchemaGate.Cli.Status;

/// <summary>Watched gates for a pipe, a log or a program: a line for each gate, and one more for each change that it can tell.</summary>
internal static class WatchedLines
{
    /// <summary>Never returns by itself.</summary>
    /// <param name="watch">The gates.</param>
    /// <param name="isJson">A gate's object on one line, in place of words.</param>
    /// <param name="time">The clock.</param>
    /// <param name="output">Where it goes; each line at once.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteAsync(GatesWatch watch, bool isJson, TimeProvider time, TextWriter output, CancellationToken cancellation)
    {
        Dictionary<(string, string), string> told = [];
        await foreach (GateLine gate in watch.ChangesAsync(cancellation))
        {
            string words = isJson ? JsonSerializer.Serialize(gate, CliJson.OneLine.GateLine) : StyledText.Printable(Words(gate));
            if (told.GetValueOrDefault((gate.Namespace, gate.Name)) == words)
            {
                continue;
            }

            told[(gate.Namespace, gate.Name)] = words;
            string now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            await output.WriteLineAsync(isJson ? words : $"{now} {words}");
            await output.FlushAsync(cancellation);
        }
    }

    private static string Words(GateLine gate)
    {
        string verdict = gate.Reason == gate.Verdict ? gate.Verdict : $"{gate.Verdict}: {gate.Reason}";
        string applied = gate is { Applied: { } done, Required: { } required }
            ? string.Create(CultureInfo.InvariantCulture, $", {done} of {required} applied")
            : "";
        string held = gate.HeldObjects.Count > 0 ? $", holds {string.Join(' ', gate.HeldObjects)}" : "";
        string run = gate.Run is { } last ? $", run {last.State}" : "";
        return $"{gate.Namespace}/{gate.Name} {verdict}{applied}{held}{run}: {gate.Message}";
    }
}
