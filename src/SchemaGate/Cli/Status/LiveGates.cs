using System.Globalization;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SchemaGate.Cli.Status;

/// <summary>Watched gates on a terminal: a table that is drawn anew with each change, and each second, because of the ages.</summary>
internal sealed class LiveGates(GatesQuery query, GatesWatch watch, bool isWide, Shell shell)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, GateLine> gates = new(StringComparer.Ordinal);

    /// <summary>Never returns by itself; the last picture stays.</summary>
    public async Task ShowAsync(TextWriter output, CancellationToken cancellation)
    {
        IAnsiConsole console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = shell.IsColoured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        await console.Live(new Text("")).StartAsync(async live =>
        {
            await using IAsyncEnumerator<GateLine> changes = watch.ChangesAsync(cancellation).GetAsyncEnumerator(cancellation);
            Task<bool> next = changes.MoveNextAsync().AsTask();
            while (true)
            {
                while (next.IsCompleted)
                {
                    await next;
                    Take(changes.Current);
                    next = changes.MoveNextAsync().AsTask();
                }

                live.UpdateTarget(Picture());
                await Task.WhenAny(next, Task.Delay(Refresh, shell.Time, cancellation));
            }
        });
    }

    /// <summary>One that was not asked for by name is gone when it is gone.</summary>
    private void Take(GateLine gate)
    {
        string key = new ObjectKey(gate.Namespace, gate.Name).ToString();
        if (gate.Reason == Reasons.GateNotFound && query.Names.Count == 0)
        {
            gates.Remove(key);
        }
        else
        {
            gates[key] = gate;
        }
    }

    private Rows Picture()
    {
        DateTimeOffset now = shell.Time.GetUtcNow();
        Table table = new Table().Border(TableBorder.None);
        foreach (string heading in GatesPrinter.Headings(isWide))
        {
            table.AddColumn(new TableColumn(new Text(heading, new(decoration: Decoration.Bold))).PadRight(2));
        }

        foreach (GateLine gate in gates.Values)
        {
            table.AddRow(GatesPrinter.Row(gate, isWide, now).Index().Select(cell => new Text(
                StyledText.Printable(cell.Item),
                cell.Index == GatesPrinter.VerdictColumn ? ColourOf(gate) : Spectre.Console.Style.Plain)));
        }

        IEnumerable<IRenderable> closed = gates.Values.Where(gate => !gate.IsOpen).SelectMany(Words);
        string none = watch.IsRead ? GatesPrinter.None(query.Namespace) : "Asking the cluster.";
        return new([gates.Count > 0 ? table : new Text(none), .. closed, .. Footer(now)]);
    }

    private IEnumerable<IRenderable> Words(GateLine gate)
    {
        string[] lines =
        [
            "",
            $"{gate.Namespace}/{gate.Name}: {gate.Message}",
            .. gate.WaitsFor is { } other ? [$"  Waits for {other}"] : (string[])[],
            .. gate.Next.Take(1).Select(step => $"  To do     {shell.Name.In(step)}"),
        ];
        return lines.Select(line => new Text(StyledText.Printable(line)));
    }

    private IEnumerable<IRenderable> Footer(DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        yield return new Text("");
        yield return watch.Problem is { } problem
            ? new Text($"{time}  not up to date: {problem}", new(Color.Yellow))
            : new Text($"{time}  Ctrl-C ends this.", new(decoration: Decoration.Dim));
    }

    private static Spectre.Console.Style ColourOf(GateLine gate) => new(GatesPrinter.StyleOf(gate.Verdict) switch
    {
        Style.Green => Color.Green,
        Style.Red => Color.Red,
        _ => Color.Yellow,
    });
}
