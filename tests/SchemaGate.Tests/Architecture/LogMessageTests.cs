using System.Reflection;
using Microsoft.Extensions.Logging;
using SchemaGate.Operator;

namespace SchemaGate.Tests.Architecture;

/// <summary>The log's sentences: each has an id of its own, in its class's range of the README.</summary>
public sealed class LogMessageTests
{
    private const BindingFlags Own =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly (string Class, int Id)[] s_messages =
    [
        .. from type in typeof(Announcer).Assembly.GetTypes()
           from method in type.GetMethods(Own)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type.Name, message.EventId),
    ];

    [Fact]
    public void No_event_id_is_given_twice() =>
        Assert.Distinct(s_messages.Select(message => message.Id).Append(0));

    [Fact]
    public void The_README_says_whose_an_event_id_is()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "src/SchemaGate/README.md"));
        Assert.NotEmpty(s_messages);
        Assert.All(s_messages, message => Assert.Contains(
            $"| {message.Id / 100 * 100}–{message.Id / 100 * 100 + 99} | `{message.Class}` |", readme, StringComparison.Ordinal));
    }
}
