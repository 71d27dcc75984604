using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The editor of $VISUAL or $EDITOR, which may be a command with options.</summary>
internal static class TextEditor
{
    private const int LongestText = 1 << 20;

    /// <summary>
    /// Hands on what is saved. The file is deleted where that is used or nothing was written; else it is kept, and standard error
    /// says where.
    /// </summary>
    /// <param name="use">What is done with it, and whether that succeeded: the exit code.</param>
    /// <exception cref="UsageException">There is no editor, it fails, or saves nothing.</exception>
    public static async Task<int> EditAsync(string text, Func<string, string?> variable, TextWriter error, Func<string, Task<int>> use)
    {
        string? editor = new[] { variable("VISUAL"), variable("EDITOR") }.FirstOrDefault(command => !string.IsNullOrWhiteSpace(command));
        if (editor is null)
        {
            throw new UsageException("Neither VISUAL nor EDITOR names an editor: name the change with --title instead of --edit.");
        }

        string file = Path.Combine(Path.GetTempPath(), $"schemagate-{Guid.NewGuid():N}.md");
        bool isUsed = false;
        try
        {
            await File.WriteAllTextAsync(file, text + "\n");
            await RunAsync(editor, file);
            int code = await use(Saved(file, text) ?? throw new UsageException("Nothing was written into the draft: nothing was added."));
            isUsed = code == ExitCodes.Open;
            return code;
        }
        catch (IOException exception)
        {
            throw new UsageException(StyledText.Printable($"The draft cannot be edited: {exception.Message}"));
        }
        finally
        {
            if (isUsed || !IsKept(file, text))
            {
                File.Delete(file);
            }
            else
            {
                await error.WriteLineAsync($"schemagate: your text is kept in {file}");
            }
        }
    }

    /// <summary>Null where nothing was written.</summary>
    /// <exception cref="UsageException">It is too long.</exception>
    private static string? Saved(string file, string draft)
    {
        if (new FileInfo(file).Length > LongestText)
        {
            throw new UsageException($"The text is longer than {LongestText} bytes: nothing was added.");
        }

        string saved = File.ReadAllText(file);
        return saved.Trim().Length > 0 && saved.Trim() != draft.Trim() ? saved : null;
    }

    private static bool IsKept(string file, string draft)
    {
        try
        {
            return File.Exists(file) && (new FileInfo(file).Length > LongestText || Saved(file, draft) is not null);
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>
    /// As git does: the shell reads the variable, and the file is one word behind it; Ctrl-C on the terminal is for the editor.
    /// </summary>
    private static async Task RunAsync(string editor, string file)
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false };
        foreach (string word in new[] { "-c", editor + " \"$@\"", editor, file })
        {
            start.ArgumentList.Add(word);
        }

        try
        {
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode != 0)
            {
                throw new UsageException($"The editor ended with the exit code {process.ExitCode}: nothing was added.");
            }
        }
        catch (Win32Exception exception)
        {
            throw new UsageException($"The editor cannot be started: {exception.Message}");
        }
    }
}
