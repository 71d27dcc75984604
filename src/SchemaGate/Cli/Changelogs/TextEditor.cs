using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The editor of $VISUAL or $EDITOR, which may be a command with options.</summary>
internal static class TextEditor
{
    private const int LongestText = 1 << 20;

    /// <summary>What is saved.</summary>
    /// <exception cref="UsageException">There is no editor, it fails, or saves nothing.</exception>
    public static async Task<string> EditAsync(string text, Func<string, string?> variable, CancellationToken cancellation)
    {
        string? editor = new[] { variable("VISUAL"), variable("EDITOR") }.FirstOrDefault(command => !string.IsNullOrWhiteSpace(command));
        if (editor is null)
        {
            throw new UsageException("Neither VISUAL nor EDITOR names an editor: name the change with --title instead of --edit.");
        }

        string file = Path.Combine(Path.GetTempPath(), $"schemagate-{Guid.NewGuid():N}.md");
        try
        {
            await using (FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellation);
            }

            await RunAsync(editor, file, cancellation);
            string saved = new FileInfo(file).Length <= LongestText ? await File.ReadAllTextAsync(file, cancellation) : "";
            return saved.Trim().Length > 0 && saved.Trim() != text.Trim()
                ? saved
                : throw new UsageException("Nothing was written into the draft: nothing was added.");
        }
        catch (IOException exception)
        {
            throw new UsageException(StyledText.Printable($"The draft cannot be edited: {exception.Message}"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>As git does: the shell reads the variable, and the file is one word behind it.</summary>
    private static async Task RunAsync(string editor, string file, CancellationToken cancellation)
    {
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false };
        foreach (string word in new[] { "-c", editor + " \"$@\"", editor, file })
        {
            start.ArgumentList.Add(word);
        }

        try
        {
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellation);
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
