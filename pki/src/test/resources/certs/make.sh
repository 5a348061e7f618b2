#!/bin/sh
# Makes every certificate of the tests anew. They are good from 2020 to 2060, but for what has expired.
set -e
cd "$(dirname "$0")"
rm -f *.pem *.crl
FROM=20200101000000Z
TO=20600101000000Z
key() { # file, algorithm
  case "$2" in
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key.pem" ;;
    ed25519) openssl genpkey -algorithm ED25519 -out "$1.key.pem" ;;
    *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key.pem" ;;
  esac
}
issue() { # name, algorithm, issuer, subject, extensions, [from], [to]
  key "$1" "$2"
  printf '%b' "$5" > ext.cnf
  rm -rf db && mkdir db && : > db/index && openssl rand -hex 12 > db/serial
  cat > ca.cnf <<C
[ca]
default_ca = d
[d]
dir = db
database = db/index
serial = db/serial
new_certs_dir = db
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
C
  openssl req -new -key "$1.key.pem" -subj "$4" -out csr.tmp
  if [ "$3" = self ]; then SIGN="-selfsign -keyfile $1.key.pem"; else SIGN="-cert $3.pem -keyfile $3.key.pem"; fi
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config ca.cnf $SIGN -in csr.tmp -out "$1.pem" -extfile ext.cnf \
    -startdate "${6:-$FROM}" -enddate "${7:-$TO}" 2> /dev/null
}
CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
END='basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n'
issue ca prime256v1 self "/CN=Test CA" "$CA"
issue other prime256v1 self "/CN=Other CA" "$CA"
issue sub secp384r1 ca "/CN=Test Sub CA" "$CA"
issue narrow prime256v1 ca "/CN=Narrow CA" "${CA}nameConstraints=critical,permitted;DNS:good.example,excluded;DNS:bad.good.example\n"
issue gw-a prime256v1 ca "/CN=gw-a" "${END}subjectAltName=DNS:gw-a.example,IP:192.0.2.1\nextendedKeyUsage=serverAuth\n"
issue gw-rsa rsa ca "/CN=gw-rsa" "${END}subjectAltName=DNS:gw-a.example\n"
issue c07 prime256v1 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example,email:c07@Example.org\nextendedKeyUsage=clientAuth\n"
issue c07-sub secp384r1 sub "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue c07-rsa rsa ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue c07-ed ed25519 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue c07-p521 secp521r1 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue c07-other prime256v1 other "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue c07-expired prime256v1 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\n" 20200101000000Z 20210101000000Z
issue c07-short prime256v1 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\n" 20200101000000Z 20260101020000Z
issue c07-encipher prime256v1 ca "/CN=c07" "basicConstraints=CA:FALSE\nkeyUsage=keyAgreement\nsubjectAltName=DNS:c07.example\n"
issue c07-code prime256v1 ca "/CN=c07" "${END}subjectAltName=DNS:c07.example\nextendedKeyUsage=codeSigning\n"
issue c07-nobody prime256v1 c07 "/CN=c07" "${END}subjectAltName=DNS:c07.example\n"
issue good prime256v1 narrow "/CN=good" "${END}subjectAltName=DNS:a.good.example\n"
issue outside prime256v1 narrow "/CN=outside" "${END}subjectAltName=DNS:a.example\n"
issue excluded prime256v1 narrow "/CN=excluded" "${END}subjectAltName=DNS:a.bad.good.example\n"
: > db/index; echo 01 > db/crl
crl() { # file, issuer, days, [revoked]
  : > db/index
  printf 'crlnumber = db/crl\n' > /dev/null
  if [ -n "$4" ]; then openssl ca -config ca.cnf -cert "$2.pem" -keyfile "$2.key.pem" -revoke "$4" 2> /dev/null; fi
  openssl ca -config ca.cnf -cert "$2.pem" -keyfile "$2.key.pem" -gencrl -out "$1.crl" \
    -crl_lastupdate 20250101000000Z -crl_nextupdate "$3" 2> /dev/null
}
crl ca-none ca 20600101000000Z
crl ca-c07 ca 20600101000000Z c07.pem
crl ca-stale ca 20250201000000Z
crl ca-stale-c07 ca 20250201000000Z c07.pem
crl other-none other 20600101000000Z
openssl pkcs8 -topk8 -in c07.key.pem -out c07.encrypted.key.pem -passout pass:geheim
openssl pkcs12 -export -in c07-sub.pem -inkey c07-sub.key.pem -certfile sub.pem -passout pass:geheim -out c07-sub.p12
rm -rf db ca.cnf ext.cnf csr.tmp
