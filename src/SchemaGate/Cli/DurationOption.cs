using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SchemaGate.Cli;

/// <summary>An option that takes a duration. The help shows its default as it would be written, which the library does not.</summary>
internal sealed class DurationOption : Option<TimeSpan?>
{
    private readonly TimeSpan usual;

    public DurationOption(string name, string description, TimeSpan usual)
        : base(name)
    {
        this.usual = usual;
        HelpName = "DURATION";
        Description = $"{description} [default: {usual.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s]";
        CustomParser = Parse;
    }

    public TimeSpan In(ParseResult arguments) => arguments.GetValue(this) ?? usual;

    private TimeSpan? Parse(ArgumentResult result)
    {
        if (DurationText.TryParse(result.Tokens[0].Value, out TimeSpan duration))
        {
            return duration;
        }

        result.AddError($"{Name}: write a duration such as 500ms, 10s or 2m; a day at most.");
        return null;
    }
}
