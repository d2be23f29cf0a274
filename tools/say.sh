# SPDX-License-Identifier: Apache-2.0
# For ./run, ./test and tools/install-packages: speak Vietnamese or English, by --lang's rule.

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
vi*) speech=vi ;;
*) speech=en ;;
esac

# say VIETNAMESE ENGLISH: one line to stderr
say() {
	if [ "$speech" = vi ]; then printf '%s\n' "$1" >&2; else printf '%s\n' "$2" >&2; fi
}

give_up() {
	say "$@"
	exit 1
}
