namespace SchemaGate.Cli.Changelogs;

/// <summary>
/// Two texts' difference as <c>diff -u</c> writes it, by Myers' algorithm ("An O(ND) Difference Algorithm", 1986). Line ends are compared
/// and not shown.
/// </summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Texts that differ in more lines are shown as one piece that was replaced: finding more is quadratic.</summary>
    private const int MaxEdits = 2_000;

    /// <summary>The lines of the difference, without line ends; none where there is none.</summary>
    public static IReadOnlyList<string> Of(string before, string after, string name)
    {
        List<(char Kind, string Text)> lines = Compared(Lines(before), Lines(after));
        List<string> written = [];
        foreach ((int start, int end) in Hunks(lines))
        {
            written.Add(Header(lines, start, end));
            foreach ((char kind, string text) in lines[start..end])
            {
                string shown = text.TrimEnd('\r', '\n');
                written.Add(kind + shown);
                written.AddRange(shown.Length == text.Length ? [@"\ No newline at end of file"] : []);
            }
        }

        return written.Count == 0 ? [] : [$"--- {name}", $"+++ {name}", .. written];
    }

    private static string Header(List<(char Kind, string Text)> lines, int start, int end)
    {
        (int first, int count) = Numbers('+');
        (int firstNew, int countNew) = Numbers('-');
        return $"@@ -{first},{count} +{firstNew},{countNew} @@";

        (int First, int Count) Numbers(char other)
        {
            int above = lines.Take(start).Count(line => line.Kind != other);
            int within = lines[start..end].Count(line => line.Kind != other);
            return (within == 0 ? above : above + 1, within);
        }
    }

    /// <summary>What changed, with the lines around; pieces whose surroundings touch are one.</summary>
    private static List<(int Start, int End)> Hunks(List<(char Kind, string Text)> lines)
    {
        List<(int Start, int End)> hunks = [];
        foreach ((int index, _) in lines.Index().Where(line => line.Item.Kind != ' '))
        {
            (int start, int end) = (Math.Max(index - Context, 0), Math.Min(index + Context + 1, lines.Count));
            if (hunks is [.., var last] && start <= last.End)
            {
                hunks[^1] = (last.Start, end);
            }
            else
            {
                hunks.Add((start, end));
            }
        }

        return hunks;
    }

    private static List<(char Kind, string Text)> Compared(List<string> old, List<string> @new)
    {
        int most = Math.Min(old.Count, @new.Count);
        int head = 0;
        while (head < most && old[head] == @new[head])
        {
            head++;
        }

        int tail = 0;
        while (tail < most - head && old[^(tail + 1)] == @new[^(tail + 1)])
        {
            tail++;
        }

        return
        [
            .. old[..head].Select(line => (' ', line)),
            .. Middle(old[head..^tail], @new[head..^tail]),
            .. old[^tail..].Select(line => (' ', line)),
        ];
    }

    /// <summary>Keeps, for each number of edits, how far each diagonal reaches, then walks back.</summary>
    private static List<(char Kind, string Text)> Middle(List<string> old, List<string> @new)
    {
        List<int[]> reached = [];
        int[] furthest = new int[(2 * MaxEdits) + 3];
        for (int edits = 0; edits <= Math.Min(MaxEdits, old.Count + @new.Count); edits++)
        {
            reached.Add(furthest[(MaxEdits - edits)..(MaxEdits + edits + 3)]);
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                int at = MaxEdits + 1 + diagonal;
                int x = diagonal == -edits || (diagonal != edits && furthest[at - 1] < furthest[at + 1])
                    ? furthest[at + 1]
                    : furthest[at - 1] + 1;
                while (x < old.Count && x - diagonal < @new.Count && old[x] == @new[x - diagonal])
                {
                    x++;
                }

                furthest[at] = x;
                if (x >= old.Count && x - diagonal >= @new.Count)
                {
                    return WalkedBack(old, @new, reached);
                }
            }
        }

        return [.. old.Select(line => ('-', line)), .. @new.Select(line => ('+', line))];
    }

    /// <param name="reached">For each number of edits, the diagonals from one below its least, as they were before it.</param>
    private static List<(char Kind, string Text)> WalkedBack(List<string> old, List<string> @new, List<int[]> reached)
    {
        List<(char Kind, string Text)> lines = [];
        (int x, int y) = (old.Count, @new.Count);
        for (int edits = reached.Count - 1; edits >= 0; edits--)
        {
            int diagonal = x - y;
            int[] before = reached[edits];
            int at = edits + 1 + diagonal;
            bool isInsertion = diagonal == -edits || (diagonal != edits && before[at - 1] < before[at + 1]);
            int beyond = isInsertion ? before[at + 1] : before[at - 1] + 1;
            int start = edits == 0 ? 0 : beyond;
            for (; x > start; x--, y--)
            {
                lines.Add((' ', old[x - 1]));
            }

            if (edits > 0)
            {
                lines.Add(isInsertion ? ('+', @new[--y]) : ('-', old[--x]));
            }
        }

        lines.Reverse();
        return lines;
    }

    private static List<string> Lines(string text)
    {
        List<string> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOfAny('\n', '\r');
            int end = length < 0 ? text.Length : start + length + 1;
            end += length >= 0 && text[end - 1] == '\r' && end < text.Length && text[end] == '\n' ? 1 : 0;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
