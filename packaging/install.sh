#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Install or upgrade canh from this folder, with no network: apt takes from here what the machine lacks.
# Cài đặt hoặc nâng cấp canh từ thư mục này, không cần mạng.
set -e
here=$(dirname "$(readlink -f "$0")")
[ "$(id -u)" = 0 ] || { echo "Hãy chạy với quyền root / run as root: sudo $0" >&2; exit 1; }
(cd "$here" && sha256sum --quiet -c SHA256SUMS)

# a stick may be mounted where apt's own user cannot read, and under a name with blanks
work=$(mktemp -d /var/tmp/canh-install.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$here"/*.deb "$here/Packages" "$work"
echo "deb [trusted=yes] file:$work ./" >"$work/sources.list"
mkdir -p "$work/lists/partial" "$work/archives/partial"

apt_here() {
	apt-get -q -y -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
		-o Dir::State::lists="$work/lists" -o Dir::Cache::archives="$work/archives" \
		-o APT::Get::List-Cleanup=0 \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}
apt_here update
apt_here install --no-install-recommends canh
