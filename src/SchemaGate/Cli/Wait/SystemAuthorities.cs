using System.Runtime.InteropServices;

namespace SchemaGate.Cli.Wait;

/// <summary>
/// The runtime reads the system's authorities, hundreds of files, before it judges its first certificate, also where only others are
/// trusted: half of what <c>wait</c> takes. OpenSSL's variables say where they are (openssl-env(7)), and the runtime asks libc for these.
/// </summary>
internal static partial class SystemAuthorities
{
    /// <summary>For the rest of the process: there are none.</summary>
    public static void LeaveOut()
    {
        foreach (string variable in (string[])["SSL_CERT_FILE", "SSL_CERT_DIR"])
        {
            if (SetVariable(variable, "/dev/null", overwrite: 1) != 0)
            {
                // They are read, which takes longer and changes nothing.
                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
