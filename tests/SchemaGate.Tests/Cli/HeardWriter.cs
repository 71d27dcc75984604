namespace SchemaGate.Tests.Cli;

/// <summary>What a command writes that goes on for ever, until it has written what is awaited: then it is canceled.</summary>
internal sealed class HeardWriter(string awaited, CancellationTokenSource heard) : StringWriter
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
        if (ToString().Contains(awaited, StringComparison.Ordinal))
        {
            _ = heard.CancelAsync();
        }
    }
}
