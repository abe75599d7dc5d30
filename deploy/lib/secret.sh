# shellcheck shell=bash
# Keys and passwords, made at random on the first start, each in a file of mode 0600 that only its owner reads. None of them
# ever stands on a command line or in the repository.

secret_random() {
        head -c "$1" /dev/urandom | od -An -vtx1 | tr -d ' \n'
}

# secret_make FILE: one random password, hexadecimal, one line.
secret_make() {
        [ -s "$1" ] || secret_write "$1" "$(secret_random 16)"
}

secret_write() {
        (umask 077 && mkdir -p "${1%/*}" && printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1")
}

# secret_keys FOLDER: privacy.keys (lines: version, purpose, key) and commands.key, which adapters never read.
secret_keys() {
        [ -s "$1/privacy.keys" ] || secret_write "$1/privacy.keys" \
                "$(printf '1 pseudonym %s\n1 seal %s' "$(secret_random 32)" "$(secret_random 32)")"
        [ -s "$1/commands.key" ] || secret_write "$1/commands.key" "$(printf '1 %s' "$(secret_random 32)")"
}
