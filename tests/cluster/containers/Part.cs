using System.Globalization;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Testcontainers.K3s;
using Testcontainers.PostgreSql;

namespace SchemaGate.Containers;

/// <summary>PostgreSQL, the registry or Kubernetes, and where they are reached.</summary>
/// <param name="Name">Which of them.</param>
/// <param name="Image">What it is started from.</param>
/// <param name="Labels">By which the scripts find its container.</param>
/// <param name="Addresses">Of this machine, on which it is published.</param>
/// <param name="Port">On each of them.</param>
/// <param name="Folder">Where the password is, the registries and the administrator's configuration.</param>
internal sealed record Part(
    string Name, string Image, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> Addresses, ushort Port, string Folder)
{
    private const ushort RegistryPort = 5000;

    public static Part FromEnvironment(string name) => new(
        name,
        Given("IMAGE"),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["schemagate.cluster"] = Given("FOLDER"), ["schemagate.part"] = name },
        Given("ADDRESSES").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ushort.Parse(Given("PORT"), CultureInfo.InvariantCulture),
        Given("FOLDER"));

    public IContainer Build() => Name switch
    {
        "postgres" => Postgres(),
        "registry" => Registry(),
        _ => Kubernetes(),
    };

    /// <summary>Leaves what can be known only of a container that runs, and says that it does.</summary>
    public async Task StartedAsync(IContainer container)
    {
        if (container is K3sContainer cluster)
        {
            // Nobody else may read it: the scripts have set the mask.
            await WriteAsync("admin.kubeconfig", await cluster.GetKubeconfigAsync());
        }

        await WriteAsync($"{Name}.container", container.Id + "\n");
    }

    /// <summary>In the container it has the port that it has outside: an address is the same for programs in it.</summary>
    private PostgreSqlContainer Postgres() => new PostgreSqlBuilder(Image)
        .WithLabel(Labels)
        .WithPassword(File.ReadAllText(Path.Combine(Folder, "postgres.password")).Trim())
        .WithEnvironment("PGPORT", Port.ToString(CultureInfo.InvariantCulture))
        .WithEnvironment("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8")
        .WithCommand(
            "-c", "max_connections=200", "-c", "dynamic_shared_memory_type=mmap", "-c", "shared_preload_libraries=pg_stat_statements")
        .WithPortBinding(Port, Port)
        .WithCreateParameterModifier(Publish(Port))
        .Build();

    private IContainer Registry() => new ContainerBuilder(Image)
        .WithLabel(Labels)
        .WithEnvironment("REGISTRY_STORAGE_DELETE_ENABLED", "true")
        .WithEnvironment("REGISTRY_LOG_LEVEL", "warn")
        .WithPortBinding(Port, RegistryPort)
        .WithCreateParameterModifier(Publish(RegistryPort))
        .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(RegistryPort).ForPath("/v2/")))
        .Build();

    /// <summary>Without what no test asks for, and on a nearly full disk, too.</summary>
    private K3sContainer Kubernetes() => new K3sBuilder(Image)
        .WithLabel(Labels)
        .WithCommand("--disable=metrics-server", "--disable=servicelb", "--disable=local-storage")
        .WithCommand("--kubelet-arg=eviction-hard=imagefs.available<1%,nodefs.available<1%")
        .WithCommand("--kubelet-arg=eviction-minimum-reclaim=imagefs.available=1%,nodefs.available=1%")
        .WithResourceMapping(File.ReadAllBytes(Path.Combine(Folder, "registries.yaml")), "/etc/rancher/k3s/registries.yaml")
        .WithPortBinding(Port, K3sBuilder.KubeSecurePort)
        .WithCreateParameterModifier(Publish(K3sBuilder.KubeSecurePort))
        .Build();

    /// <summary>
    /// On these addresses only: the registry has no accounts. What else a builder publishes is there at some port or other: Testcontainers
    /// waits until each is published equally often.
    /// </summary>
    private Action<CreateContainerParameters> Publish(ushort port) => parameters =>
    {
        string published = string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");
        IDictionary<string, IList<PortBinding>> bindings = parameters.HostConfig!.PortBindings!;
        foreach (string key in bindings.Keys.ToList())
        {
            string outside = key == published ? Port.ToString(CultureInfo.InvariantCulture) : "";
            bindings[key] = [.. Addresses.Select(address => new PortBinding { HostIP = address, HostPort = outside })];
        }
    };

    /// <summary>Whole or not at all.</summary>
    private async Task WriteAsync(string name, string text)
    {
        string file = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(file + ".part", text);
        File.Move(file + ".part", file, overwrite: true);
    }

    private static string Given(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? throw new InvalidOperationException($"{name} is not set") : value;
    }
}
