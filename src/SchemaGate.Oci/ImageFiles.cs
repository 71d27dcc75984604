namespace SchemaGate.Oci;

/// <summary>The wanted regular files of one image, every byte verified against <paramref name="Digest"/>.</summary>
/// <param name="Digest">The manifest that they were read from.</param>
/// <param name="Files">Content by path: slashes, no leading slash or <c>./</c>, ordinal.</param>
public sealed record ImageFiles(Digest Digest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files);
