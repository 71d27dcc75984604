using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SchemaGate.Core;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Rules;

namespace SchemaGate.Cli.Lint;

/// <summary>Reads a configuration: JSON with comments. What it does not know, it refuses with its line.</summary>
internal ref struct LintConfigurationReader
{
    /// <summary>A rule's severities; <c>off</c> is the first.</summary>
    public static readonly ImmutableArray<string> Severities = ["off", "information", "low", "medium", "high"];

    public static readonly ImmutableArray<string> Thresholds = ["risky", "warning", "note", "never"];

    public static readonly ImmutableArray<string> TransactionModes = ["wherePossible", "oneText", "eachStatement"];

    public static readonly ImmutableArray<string> Keys =
        ["$schema", "postgresVersion", "failOn", "transactions", "schema", "lockTimeoutIsSet", "conventions", "rules", "ignore"];

    /// <summary>What cannot be judged must not become safe by a line in a file: a migration may ignore it, with a reason.</summary>
    public const string AlwaysOn = "opaque-sql";

    public const int OldestVersion = 9;

    public const int NewestVersion = 99;

    private readonly string file;
    private readonly ReadOnlySpan<byte> json;
    private Utf8JsonReader reader;

    private LintConfigurationReader(string file, ReadOnlySpan<byte> json)
    {
        this.file = file;
        this.json = json.StartsWith(Encoding.UTF8.Preamble) ? json[3..] : json;
        reader = new Utf8JsonReader(
            this.json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 });
    }

    /// <exception cref="UsageException">Something in it cannot be meant.</exception>
    public static LintConfiguration Read(string file, ReadOnlySpan<byte> json)
    {
        LintConfigurationReader reading = new(StyledText.Printable(file), json);
        try
        {
            return reading.Whole(new LintConfiguration(Path.GetDirectoryName(Path.GetFullPath(file))!));
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{reading.file}:{exception.LineNumber + 1}: This is no JSON with comments: a comma, "
                + "a quotation mark or a bracket is missing or too many.");
        }
        catch (InvalidOperationException)
        {
            throw reading.Refused("The text has an escape that is no character");
        }
    }

    private LintConfiguration Whole(LintConfiguration configuration)
    {
        reader.Read();
        Expect(JsonTokenType.StartObject, "The configuration is an object in braces");
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (Next() != JsonTokenType.EndObject)
        {
            string key = Name(seen);
            Next();
            configuration = Value(configuration, key);
        }

        reader.Read();
        return configuration;
    }

    private LintConfiguration Value(LintConfiguration configuration, string key)
    {
        switch (key)
        {
            case "$schema":
                Text("$schema is a text");
                return configuration;
            case "postgresVersion":
                return configuration with { PostgresVersion = Version() };
            case "failOn":
                return configuration with { FailOn = Word(key, Thresholds) };
            case "transactions":
                return configuration with { Transactions = (TransactionMode)TransactionModes.IndexOf(Word(key, TransactionModes)) };
            case "schema":
                return configuration with { Schema = Text("schema is a name") };
            case "lockTimeoutIsSet":
                return configuration with { LockTimeoutIsSet = Flag(key) };
            case "conventions":
                return configuration with { Conventions = Flag(key) };
            case "rules":
                return configuration with { Rules = RuleSeverities() };
            case "ignore":
                return configuration with { Ignore = Globs() };
            default:
                throw Refused($"There is no key {Quoted(key)}{NearestNames.Hint(key, Keys)}");
        }
    }

    private ImmutableDictionary<string, RiskSeverity?> RuleSeverities()
    {
        Expect(JsonTokenType.StartObject, "rules is an object: a severity for each rule's id");
        ImmutableDictionary<string, RiskSeverity?>.Builder rules = ImmutableDictionary.CreateBuilder<string, RiskSeverity?>(
            StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        string[] known = [.. RuleCatalog.All.Select(rule => rule.Id)];
        while (Next() != JsonTokenType.EndObject)
        {
            string rule = Name(seen);
            if (!known.Contains(rule, StringComparer.Ordinal))
            {
                throw Refused($"There is no rule {Quoted(rule)}{NearestNames.Hint(rule, known)}");
            }

            Next();
            int severity = Severities.IndexOf(Word(rule, Severities));
            if (severity == 0 && rule == AlwaysOn)
            {
                throw Refused($"{AlwaysOn} cannot be off: what nobody can judge is never safe. Ignore it in the migration, with a reason");
            }

            rules[rule] = severity == 0 ? null : (RiskSeverity)(severity - 1);
        }

        return rules.ToImmutable();
    }

    private ImmutableList<string> Globs()
    {
        Expect(JsonTokenType.StartArray, "ignore is a list of globs");
        ImmutableList<string>.Builder globs = ImmutableList.CreateBuilder<string>();
        while (Next() != JsonTokenType.EndArray)
        {
            globs.Add(Text("A glob is a text"));
        }

        return globs.ToImmutable();
    }

    private JsonTokenType Next()
    {
        reader.Read();
        return reader.TokenType;
    }

    private readonly string Name(HashSet<string> seen)
    {
        string name = reader.GetString()!;
        return seen.Add(name) ? name : throw Refused($"{Quoted(name)} stands here a second time");
    }

    private readonly string Text(string rule)
    {
        Expect(JsonTokenType.String, rule);
        return reader.GetString()!;
    }

    private readonly string Word(string key, ImmutableArray<string> words)
    {
        string rule = $"{key} is one of {string.Join(", ", words)}";
        string word = Text(rule);
        return words.Contains(word, StringComparer.Ordinal) ? word : throw Refused($"{rule}, and not {Quoted(word)}");
    }

    private readonly bool Flag(string key) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw Refused($"{key} is true or false");

    private readonly int Version() =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) && version is >= OldestVersion and <= NewestVersion
            ? version
            : throw Refused("postgresVersion is a major version, such as 15");

    private readonly void Expect(JsonTokenType type, string rule)
    {
        if (reader.TokenType != type)
        {
            throw Refused(rule);
        }
    }

    private readonly UsageException Refused(string sentence) =>
        new($"{file}:{json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}: {StyledText.Printable(sentence)}.");

    private static string Quoted(string text) => $"'{(text.Length <= 60 ? text : $"{text.AsSpan(0, 60)}…")}'";
}
