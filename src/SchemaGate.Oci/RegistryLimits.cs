namespace SchemaGate.Oci;

/// <summary>How much is read from a registry, which may be anyone's, and for how long. Tests lower them.</summary>
internal sealed record RegistryLimits
{
    /// <summary>What the distribution specification asks every registry to accept ("Pushing Manifests"); more is not portable.</summary>
    public int ManifestBytes { get; init; } = 4 << 20;

    /// <summary>Docker stops at 127 layers; an artifact has one for each file. Each costs a request.</summary>
    public int Layers { get; init; } = 1000;

    /// <summary>One layer as it is sent. Application images with a runtime and its packages stay below 1 GiB.</summary>
    public long LayerBytes { get; init; } = 2L << 30;

    /// <summary>All layers, expanded: some forty seconds of one processor. Gzip expands up to a thousandfold and zstd
    /// further, so this and not <see cref="LayerBytes"/> is what stops a bomb.</summary>
    public long ExpandedBytes { get; init; } = 8L << 30;

    /// <summary>How many times its own size a layer may expand to, once it has passed <see cref="UnjudgedBytes"/>: text shrinks to
    /// a tenth, many small files to a twentieth, zeros at gzip's fastest to less than a hundredth.</summary>
    public int Expansion { get; init; } = 50;

    /// <summary>A layer's expanded bytes that <see cref="Expansion"/> does not judge: a database's files of zeros, say.</summary>
    public long UnjudgedBytes { get; init; } = 64L << 20;

    /// <summary>How far back a frame of zstd may refer, a power of two: memory that it takes while its layer is read. The tools' common
    /// levels need 8 MiB at most, the best of them 32; `--ultra` and `--long` may ask for gigabytes.</summary>
    public int WindowBytes { get; init; } = 32 << 20;

    /// <summary>Entries in all layers; a large node_modules has some 300,000.</summary>
    public int Entries { get; init; } = 1_000_000;

    /// <summary>Linux's PATH_MAX: a longer name could not be opened in a container either.</summary>
    public int PathLength { get; init; } = 4096;

    /// <summary>One kept file. Documents and SQL migrations are kilobytes; a data migration may be megabytes.</summary>
    public int FileBytes { get; init; } = 16 << 20;

    /// <summary>Files kept in all layers, those that a later layer replaces included: ten migrations a day for five years.</summary>
    public int Files { get; init; } = 20_000;

    /// <summary>Bytes of kept files and of their paths in all layers: with a buffer or two, the memory that one read takes.</summary>
    public long KeptBytes { get; init; } = 64L << 20;

    /// <summary>A registry redirects a blob once, to its storage; a mirror in front of it once more.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Indexes in indexes. Builders write one, and one of those around several builds.</summary>
    public int Indexes { get; init; } = 3;

    /// <summary>Signatures that are looked at for one image, and manifests on the way to them: whoever signs has one or two.</summary>
    public int Signatures { get; init; } = 64;

    /// <summary>One signature: a payload of half a kilobyte, a bundle with its log's proofs of ten.</summary>
    public int SignatureBytes { get; init; } = 256 << 10;

    /// <summary>A list of signatures or of what refers to an image; a signature may carry its certificates there.</summary>
    public int SignatureListBytes { get; init; } = 1 << 20;

    /// <summary>A token service's answer. Tokens travel in headers, for which servers accept 8 to 64 KiB.</summary>
    public int TokenBytes { get; init; } = 64 << 10;

    /// <summary>How often a request is repeated that got no answer, or 429, 500, 502, 503 or 504.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The wait before the first repetition, doubled for the next: a proxy that reloads is back by then.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest Retry-After that is waited for; with a longer one the caller had better come back itself.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without an answer, or then without a byte of its body: a connection that is gone, though TCP has not noticed.
    /// A cold cache in front of a distant registry takes ten seconds.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One call from start to end, so that a byte every 29 seconds does not hold its caller for years.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(10);
}
