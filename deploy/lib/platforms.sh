# shellcheck shell=bash
# The simulated platforms beside the first four (tests/city/platforms): which play, the instances that read them (deploy/config/conf.d), the ports where
# they reach the hub, what they sign with. Needs secret.sh, postgres.sh.

PLATFORMS=(petition weather aerial residence vendors enforcement opinion urbanmgmt railway bikes village dust)
PLATFORM_INSTANCES=(petition weather aerial residence vendors vendors-stalls vendors-sites vendors-people enforcement enforcement-permits opinion urbanmgmt urbanmgmt-list railway railway-push bikes village dust)
# Those whose adapter listens, and how.
PLATFORM_DOORS=(petition:http urbanmgmt:http dust:tcp residence:http railway:http village:http)

# platforms_each COMMAND...: COMMAND NAME SCHEME VARIABLE for each of PLATFORM_DOORS; VARIABLE names its port.
platforms_each() {
        local door name
        for door in "${PLATFORM_DOORS[@]}"; do
                name=${door%:*}
                "$@" "$name" "${door#*:}" "HUB_PORT_${name^^}"
        done
}

# platforms_ports COMMAND...: each port comes from COMMAND VARIABLE, and is exported.
platforms_ports() {
        platforms_each platforms_port "$@"
}

platforms_port() {
        local variable=${*: -1}
        "${@:1:$#-3}" "$variable"
        # shellcheck disable=SC2163
        export "$variable"
}

# platforms_secrets SECRETS: a password each, and that of the reader of their tables; whoever signs as Standard Webhooks has it has a secret of that form.
platforms_secrets() {
        secret_make "$1/postgres-hub_city_reader"
        platforms_each platforms_secret "$1"
}

platforms_secret() {
        [ ! -s "$1/$2" ] || return 0
        case $2 in
        residence) secret_write "$1/$2" "whsec_$(head -c 24 /dev/urandom | base64)" ;;
        *) secret_make "$1/$2" ;;
        esac
        chmod 0400 "$1/$2"
}

# platforms_tables PORT SECRETS CITY...: their database, and what they have in it.
platforms_tables() {
        local port=$1 secrets=$2
        shift 2
        postgres_city "$port" "$secrets" || return 1
        "$@" tables --platforms "$(platforms_list)" --postgres "$(platforms_url "$port")" --postgres-password-file "$secrets/postgres-hub_city"
}

platforms_list() {
        local IFS=,
        printf '%s' "${PLATFORMS[*]}"
}

platforms_url() {
        printf 'postgresql://hub_city@%s:%s/hub_city' "${HUB_HOST_POSTGRES:-127.0.0.1}" "$1"
}

# platforms_arguments PORT SECRETS INBOX: what city.py play wants to know, a word a line.
platforms_arguments() {
        printf '%s\n' --platforms "$(platforms_list)" --secrets "$2" --inbox "$3" --postgres "$(platforms_url "$1")" --postgres-password-file "$2/postgres-hub_city"
        platforms_each platforms_door
}

platforms_door() {
        printf '%s\n' --door "$1=$2://127.0.0.1:${!3}"
}
