#!/usr/bin/env bash
# Builds a real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager, kube-scheduler 1.20) offline from
# Debian 12's own source package, once, into build/kubernetes/bin. Needs root for packages, some 3 minutes and 1.7 GB while
# it works. What the tests are without it: skipped, with this script's name. WANWISE_KUBERNETES=0 leaves it out.
set -euo pipefail
cd "$(dirname "$0")/../../.."
[ "${WANWISE_KUBERNETES:-1}" = 0 ] && { echo "no control plane: WANWISE_KUBERNETES=0"; exit 0; }
home=$PWD/build/kubernetes
bin=$home/bin
work=$home/work
version='1.20.5+really1.20.2-1.1+deb12u1'
parts=(kube-apiserver kube-scheduler kube-controller-manager)
whole() { local p; for p in etcd "${parts[@]}"; do [ -x "$bin/$p" ] || return 1; done; }
whole && exit 0
[ "$(id -u)" -eq 0 ] || { echo "no control plane: packages can not be installed without root" >&2; exit 1; }
mkdir -p "$bin" "$work/deb" "$work/src" "$work/go/src/k8s.io"
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -o DPkg::Lock::Timeout=600 -qq -y"

# Its source package from wherever the binary packages come from.
sources=$work/deb-src.sources
if [ -f /etc/apt/sources.list.d/debian.sources ]; then
  sed 's/^Types: .*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$sources"
else
  sources=$work/deb-src.list
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$sources"
fi
cp "$sources" /etc/apt/sources.list.d/wanwise-deb-src."${sources##*.}"
trap 'rm -f /etc/apt/sources.list.d/wanwise-deb-src.*' EXIT
$apt update
# golang-1.19-go, not golang-go: no alternatives are changed. etcd is only unpacked: installed, it would start.
$apt install --no-upgrade --no-install-recommends golang-1.19-go golang-1.19-src dpkg-dev openssl >/dev/null
unpack() { (cd "$work/deb" && apt-get download -qq "$1" && rm -rf "$1" && dpkg -x "$1"_*.deb "$1"); }
unpack etcd-server
cp "$work/deb/etcd-server/usr/bin/etcd" "$bin/"

source=$work/src/kubernetes-${version%%-*}
[ -d "$source" ] || (cd "$work/src" && apt-get source -qq "kubernetes=$version" >/dev/null)
ln -sfn "$source" "$work/go/src/k8s.io/kubernetes"
# Modules off: with -mod=vendor Go 1.19 wants to change this tree's go.mod.
export GO111MODULE=off GOFLAGS= GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0 GOPATH=$work/go GOCACHE=$work/cache
export PATH=/usr/lib/go-1.19/bin:$PATH
cd "$work/go/src/k8s.io/kubernetes"
generated=pkg/generated/openapi/zz_generated.openapi.go
if [ ! -s "$generated" ]; then # the one generated file that the source package leaves out
  go build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
  tagged=$({ grep -rl --include='*.go' '^// *+k8s:openapi-gen=' cmd pkg plugin
             grep -rl --include='*.go' '^// *+k8s:openapi-gen=' staging/src/k8s.io | sed 's#^staging/src/#vendor/#'; } |
           grep -vE 'vendor/k8s.io/(code-generator|sample-apiserver)/|/testdata/|zz_generated' |
           xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
  "$work/openapi-gen" --logtostderr -i "$tagged" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations" 2>/dev/null
fi
# The vendored reflect2 1.0.1, built with Go 1.18 or newer, panics at each object with a map in it; Debian has 1.0.2.
reflect=vendor/github.com/modern-go/reflect2
if [ ! -e $reflect/go_above_118.go ]; then
  unpack golang-github-modern-go-reflect2-dev
  rm -f $reflect/*.go $reflect/*.s
  cp "$work"/deb/golang-github-modern-go-reflect2-dev/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} $reflect/
fi
flags='-s -w'
for at in k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version k8s.io/kubernetes/vendor/k8s.io/component-base/version; do
  flags+=" -X $at.gitVersion=v1.20.2 -X $at.gitMajor=1 -X $at.gitMinor=20 -X $at.gitTreeState=archive"
done
for part in "${parts[@]}"; do
  [ -x "$bin/$part" ] || go build -trimpath -tags providerless -ldflags "$flags" -o "$bin/$part" "k8s.io/kubernetes/cmd/$part"
done
rm -rf "$work"
echo "control plane built in $SECONDS s: $bin"
