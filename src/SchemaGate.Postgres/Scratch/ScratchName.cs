using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SchemaGate.Postgres.Scratch;

/// <summary>
/// What a database of ours is called: <c>schemagate_scratch_SECONDS_MAKER_RANDOM</c>, or <c>schemagate_template_DIGEST</c>. Short of the 63
/// bytes that a name may have.
/// </summary>
internal static partial class ScratchName
{
    public const string Scratch = "schemagate_scratch_";

    public const string Template = "schemagate_template_";

    /// <summary>
    /// The first half of the key of the advisory lock that a maker holds while it lives; the second is a hash of the name. The next number
    /// is that of templates.
    /// </summary>
    public const int LockClass = 0x53470000;

    /// <summary>Who makes databases: this process on this machine, or in this pod. A hash, because a name is everybody's to read.</summary>
    private static readonly string s_maker = Hex($"{Environment.MachineName}/{Environment.ProcessId}", 4);

    public static string New(long seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{Scratch}{seconds}_{s_maker}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");

    /// <param name="built">What tells two templates apart.</param>
    public static string Of(string built) => Template + Hex(built, 16);

    /// <summary>
    /// Whether we have made it, or an older release (<c>schemagate_scratch_SECONDS_GUID</c>). Whatever else begins so is somebody else's.
    /// </summary>
    public static bool IsMade(string name) => Made().IsMatch(name);

    public static bool IsTemplate(string name) => name.StartsWith(Template, StringComparison.Ordinal);

    public static (int Class, int Key) LockOf(string name) => (
        IsTemplate(name) ? LockClass + 1 : LockClass,
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    /// <summary>When it was made, in seconds since 1970; null where the name does not tell.</summary>
    public static long? MadeAt(string name) => name.StartsWith(Scratch, StringComparison.Ordinal) && long.TryParse(
        name[Scratch.Length..].Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : null;

    /// <summary>Whether its maker holds a lock: an older release's name has one part less, and only its age tells.</summary>
    public static bool HasLock(string name) => name[Scratch.Length..].Count(symbol => symbol == '_') == 2;

    private static string Hex(string text, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));

    [GeneratedRegex(
        @"\Aschemagate_(?:scratch_[0-9]{1,12}_(?:[0-9a-f]{8}_[0-9a-f]{12}|[0-9a-f]{32})|template_[0-9a-f]{32})\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Made();
}
