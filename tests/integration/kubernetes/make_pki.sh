#!/usr/bin/env bash
# make_pki.sh FOLDER: certificate authority, certificates and service account key of a control plane for tests.
set -euo pipefail
cd "$1"
quiet() { "$@" 2>/dev/null; }
curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
authority() { # name
  quiet openssl req -x509 "${curve[@]}" -days 30 -keyout "$1.key" -out "$1.crt" -subj "/CN=$1" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
cert() { # name, subject, subjectAltName; Go takes no name from the CN
  quiet openssl req "${curve[@]}" -keyout "$1.key" -out "$1.csr" -subj "$2"
  quiet openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
    -extfile <(printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:-}")
  rm "$1.csr"
}
authority ca
authority stranger
cert apiserver /CN=kube-apiserver 'subjectAltName=IP:127.0.0.1,DNS:plane.test'
cert admin /O=system:masters/CN=admin
cert scheduler /CN=system:kube-scheduler
cert kcm /CN=system:kube-controller-manager
quiet openssl genrsa -out sa.key 2048
quiet openssl rsa -in sa.key -pubout -out sa.pub
