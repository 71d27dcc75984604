namespace SchemaGate.Cli.Completing;

/// <summary>For each shell, how it asks <see cref="Completions"/>. Where there is no candidate it completes files.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # Completion of schemagate for bash.
        _schemagate() {
          local candidate
          COMPREPLY=()
          while IFS= read -r candidate; do
            COMPREPLY+=("$candidate")
          done < <(schemagate '[suggest]' "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
        }
        complete -o default -F _schemagate schemagate

        """;

    private const string Zsh = """
        #compdef schemagate
        # Completion of schemagate for zsh.
        _schemagate() {
          local -a candidates
          candidates=("${(@f)$(schemagate '[suggest]' "${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
          if [[ -n "${candidates[1]}" ]]; then
            compadd -- "${candidates[@]}"
          else
            _files
          fi
        }
        if [ "${funcstack[1]}" = _schemagate ]; then
          _schemagate "$@"
        else
          compdef _schemagate schemagate
        fi

        """;

    private const string Fish = """
        # Completion of schemagate for fish.
        function __schemagate_candidates
            set -l words (commandline -opc)
            set -l found (schemagate '[suggest]' $words[2..-1] (commandline -ct) 2> /dev/null)
            if count $found > /dev/null
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c schemagate -f -a '(__schemagate_candidates)'

        """;

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
    };
}
