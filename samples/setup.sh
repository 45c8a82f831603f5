# Sourced by samples/demo and tests/run: what a bare Debian needs, and how a problem is said.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the program needs to be built, and what its tests need on top.
packages_program='build-essential meson ninja-build pkg-config libsqlite3-dev libpq-dev libpcre2-dev libinih-dev libxxhash-dev libarchive-dev zlib1g-dev'
packages_tests='clang libcmocka-dev python3 postgresql postgresql-contrib pgbouncer mariadb-server-core sqlite3 valgrind bzip2 xz-utils zstd lz4'

# fail SENTENCE: the one way out that is not success.
fail() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

# say SENTENCE
say() {
	printf '== %s\n' "$*"
}

# need PACKAGE...: installs those that are missing (as root, or through sudo); says which. Nothing to do: no network.
need() {
	command -v dpkg-query >/dev/null || {
		say "this is no Debian: taking the libraries and tools as they are ($*)"
		return 0
	}
	local missing=() name
	for name in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	local as=()
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || fail "these packages are missing and neither root nor sudo is at hand: ${missing[*]}"
		as=(sudo)
	fi
	say "installing from Debian: ${missing[*]}"
	local log
	log=$(mktemp)
	if ! { "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
		"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
		tail -n 15 "$log" >&2
		rm -f "$log"
		fail "the packages could not be installed (the last lines of apt-get are above): ${missing[*]}"
	fi
	rm -f "$log"
}

# build FOLDER MESON-OPTION...: sets up once, compiles; says what went wrong in the compiler's words.
build() {
	local folder=$1 log
	shift
	log=$(mktemp)
	if [ -f "$folder/build.ninja" ]; then
		meson setup --reconfigure "$folder" "$root" "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -f "$log"; fail "meson could not set up '$folder'; remove it and try again"; }
	else
		meson setup "$folder" "$root" "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -f "$log"; fail "meson could not set up '$folder'"; }
	fi
	meson compile -C "$folder" >"$log" 2>&1 || { tail -n 40 "$log" >&2; rm -f "$log"; fail "dbperf does not compile (the compiler's last lines are above)"; }
	rm -f "$log"
}
