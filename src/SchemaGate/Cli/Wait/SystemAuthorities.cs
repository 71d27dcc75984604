using System.Runtime.InteropServices;

namespace SchemaGate.Cli.Wait;

/// <summary>
/// The runtime reads the system's authorities, hundreds of files, before it judges its first certificate, also where only others are
/// trusted: half of what <c>wait</c> takes. OpenSSL's variables say where they are (openssl-env(7)), and the runtime asks libc for these.
/// </summary>
internal static partial class SystemAuthorities
{
    /// <summary>For the rest of the process: there are none. Where that cannot be set they are read, which only takes longer.</summary>
    public static void LeaveOut()
    {
        _ = SetVariable("SSL_CERT_FILE", "/dev/null", overwrite: 1);
        _ = SetVariable("SSL_CERT_DIR", "/dev/null", overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
