#!/bin/sh
# Makes the certificates of this directory: three authorities, ticket services and gateways. They are good from 2020 to 2060,
# but what ended in January 2020.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.key
FROM=20200101000000Z
TO=20600101000000Z
ENDED=20200201000000Z

key() { # file
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
}

sign() { # name, issuer or -selfsign, subject, extensions, last day
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$3" -out csr.tmp
    printf '%b' "$4" > ext.cnf
    rm -rf db && mkdir db && : > db/index && openssl rand -hex 12 > db/serial
    cat > ca.cnf <<C
[ca]
default_ca = a
[a]
new_certs_dir = db
database = db/index
serial = db/serial
default_md = sha256
policy = p
[p]
commonName = supplied
C
    openssl ca -batch -notext -config ca.cnf -in csr.tmp -out "$1.pem" -extfile ext.cnf \
        -startdate "$FROM" -enddate "$5" $2 2> /dev/null
    rm -rf db csr.tmp ext.cnf ca.cnf
}

authority() { # name, last day
    sign "$1" "-selfsign -keyfile $1.key" "$1" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n" "$2"
}

issue() { # name, issuer, name in the certificate, use, last day
    sign "$1" "-cert $2.pem -keyfile $2.key" "$3" "subjectAltName=DNS:$3\nextendedKeyUsage=$4\n" "$5"
}

authority ca "$TO"
authority foreign-ca "$TO"
authority ended-ca "$ENDED"
issue tickets ca tickets.example serverAuth "$TO"
issue impostor foreign-ca tickets.example serverAuth "$TO"
issue web ca www.example serverAuth "$TO"
issue gw-a ca gw-a.example clientAuth "$TO"
issue gw-b ca gw-b.example clientAuth "$TO"
issue gw-z ca gw-z.example clientAuth "$TO"
issue foreign foreign-ca gw-a.example clientAuth "$TO"
issue expired ca gw-a.example clientAuth "$ENDED"
issue ended-tickets ended-ca tickets.example serverAuth "$TO"
issue outlived ended-ca gw-a.example clientAuth "$TO"
rm ca.key foreign-ca.key ended-ca.key
