namespace SchemaGate.Core;

/// <summary>A pattern of <c>*</c> (any run) and <c>?</c> (any one character), matched whole and case-sensitively.</summary>
public static class Glob
{
    /// <summary>Linear in text × stars at worst: on a mismatch only the last star is tried again.</summary>
    public static bool Matches(string pattern, string text)
    {
        int at = 0, position = 0, star = -1, mark = 0;
        while (position < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                mark = position;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == text[position]))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }
}
