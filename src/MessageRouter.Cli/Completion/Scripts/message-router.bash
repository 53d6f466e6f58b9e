# Completion of message-router for bash, for the shell that reads it:
#
#   source <(message-router completion bash)
#
# For all shells of all users it is the file /usr/share/bash-completion/completions/message-router.

_message_router() {
  local line program=${COMP_WORDS[0]/#\~/$HOME}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default 2>/dev/null ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("$program" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _message_router message-router
