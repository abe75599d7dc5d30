# shellcheck shell=bash
# A small certificate authority for one machine's own services: deploy/demo with HUB_SECURE=1, and tests. A site has its own.
# FOLDER: ca.pem, which clients trust; ca.key; NAME.pem and NAME.key of each service.

# authority_make FOLDER: unless it is there. Its key is made first, for its owner alone.
authority_make() {
        [ ! -s "$1/ca.pem" ] || return 0
        mkdir -p "$1"
        authority_key "$1/ca.key" || return 1
        openssl req -x509 -new -key "$1/ca.key" -sha256 -days 365 -subj '/CN=hub demo authority' \
                -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$1/ca.pem"
}

authority_key() {
        (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null)
}

# authority_sign FOLDER NAME [DAYS [HOST]]: NAME.pem and NAME.key (PKCS #8), for 127.0.0.1 and localhost or for HOST; unless they are there.
authority_sign() {
        local folder=$1 name=$2 days=${3:-90} host=${4:-}
        [ ! -s "$folder/$name.pem" ] || return 0
        authority_key "$folder/$name.key" || return 1
        openssl req -new -key "$folder/$name.key" -subj "/CN=$name" |
                openssl x509 -req -sha256 -days "$days" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -set_serial "0x$(secret_random 16)" \
                        -extfile <(authority_extensions "$host") -out "$folder/$name.pem" 2>/dev/null
}

authority_extensions() {
        local names=DNS:localhost,IP:127.0.0.1
        [ -z "$1" ] || names=DNS:$1
        printf '%s\n' basicConstraints=CA:FALSE keyUsage=digitalSignature extendedKeyUsage=serverAuth,clientAuth "subjectAltName=$names"
}
