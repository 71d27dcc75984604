using System.CommandLine;
using System.Globalization;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Cli.Changelogs;

/// <summary><c>--date</c>: the day of a step.</summary>
internal static class DateOption
{
    private const string Format = "yyyy-MM-dd";

    public static Option<string?> Option { get; } = Create();

    /// <summary>In the document's own way of writing dates.</summary>
    public static StepDate Of(ParseResult arguments, Shell shell, Changelog changelog)
    {
        DateOnly? given = arguments.GetValue(Option) is { } text ? Parse(text) : null;
        return new(DateStyle.Write(given ?? DocumentEdit.Today(shell), changelog), given is not null);
    }

    private static DateOnly? Parse(string text) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;

    private static Option<string?> Create()
    {
        Option<string?> option = new("--date")
        {
            HelpName = "DAY",
            Description = $"The day, as {Format}; written as the document writes its dates. Default: today, where the entry has none.",
        };
        option.Validators.Add(result =>
        {
            if (Parse(result.GetValueOrDefault<string?>() ?? "") is null)
            {
                result.AddError($"--date is a day, as {Format}.");
            }
        });
        return option;
    }
}
