# Completion of message-router for fish, for the shell that reads it:
#
#   message-router completion fish | source
#
# For all shells it is the file ~/.config/fish/completions/message-router.fish, or one in /usr/share/fish/vendor_completions.d.

function __message_router_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc) "$current"
    for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end

complete --command message-router --no-files --arguments '(__message_router_complete)'
