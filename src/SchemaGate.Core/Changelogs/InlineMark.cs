namespace SchemaGate.Core.Changelogs;

/// <summary>A piece of the text that may turn out to be markup: emphasis marks or an opening bracket. Used again and again.</summary>
internal sealed class InlineMark
{
    public int Position { get; private set; }

    public string Symbol { get; private set; } = "";

    public int Remaining { get; set; }

    public int LabelStart { get; set; }

    public bool OpensStrong { get; set; }

    public bool ClosesStrong { get; set; }

    public void Begin(int position, string symbol, int count)
    {
        (Position, Symbol, Remaining, LabelStart) = (position, symbol, count, 0);
        OpensStrong = ClosesStrong = false;
    }
}
