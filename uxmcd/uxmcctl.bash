# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash's completion for uxmcctl, which itself says what its verbs, options and
# settings are called.

_uxmcctl_verbs() { "$1" --help | sed -n 's/^  \([a-z]\+\) .*/\1/p'; }
_uxmcctl_options() { "$1" --help | grep -o -e '--[a-z0-9-]*'; }
_uxmcctl_settings() { timeout 2 "$1" get 2>/dev/null | cut -d ' ' -f 1; }

# The words so far without options and their values: the verb and its arguments
_uxmcctl_before() {
	local word option='' before=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $option$word = -* ]] || before+=("$word")
		[[ $word = --control || $word = --sha256 ]] && option=- || option=
	done
	echo "${before[*]}"
}

# What bash gives it: the command, the word to complete, the word before that
_uxmcctl() {
	local tool=$1 word=$2 words=
	if [ "$3" = --control ]; then
		compopt -o default
	elif [ "$3" = --sha256 ]; then
		words=
	elif [[ $word = -* ]]; then
		words=$(_uxmcctl_options "$tool")
	else
		case $(_uxmcctl_before) in
		'') words=$(_uxmcctl_verbs "$tool") ;;
		update) compopt -o default ;;
		get | set | clear) words=$(_uxmcctl_settings "$tool") ;;
		"set update_policy")
			words="auto_update ask_for_update settings_only never_update" ;;
		"set restrict_uri_queries") words="on off" ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _uxmcctl uxmcctl
