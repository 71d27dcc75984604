namespace SchemaGate.Api;

/// <summary>Texts in a container's arguments: a kubelet puts the values of variables where they say <c>$(NAME)</c>.</summary>
internal static class ContainerText
{
    /// <summary>As the container is to get it: <c>$$</c> stands for one.</summary>
    public static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
