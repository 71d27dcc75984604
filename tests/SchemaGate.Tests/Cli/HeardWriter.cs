namespace SchemaGate.Tests.Cli;

/// <summary>What a command writes that goes on for ever, until it has written what is awaited: then it is canceled.</summary>
internal sealed class HeardWriter(params (string Awaited, Action Heard)[] words) : StringWriter
{
    public override void Write(char value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        Look();
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        base.Write(buffer);
        Look();
    }

    private void Look()
    {
        string written = ToString();
        foreach ((string awaited, Action heard) in words)
        {
            if (written.Contains(awaited, StringComparison.Ordinal))
            {
                heard();
            }
        }
    }
}
