#compdef message-router
# Completion of message-router for zsh, for the shell that reads it, behind `autoload -Uz compinit && compinit`:
#
#   source <(message-router completion zsh)
#
# For all shells it is the file _message-router in a folder of $fpath, such as /usr/share/zsh/vendor-completions.

compdef _message-router message-router

_message-router() {
  local line word files tab=$'\t' ret=1
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      files=1
    else
      word=${line%%$tab*}
      candidates+=("${word//:/\\:}:${line#*$tab}")
    fi
  done < <("${(Q)words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe 'message-router' candidates && ret=0
  [[ -n $files ]] && _files && ret=0
  return ret
}

# As a file of $fpath it is the function itself.
if [[ $funcstack[1] == _message-router ]]; then
  _message-router "$@"
fi
