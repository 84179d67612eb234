#include "adapters/kubernetes/auth/files.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <memory>

namespace wanwise::kubernetes {

std::optional<std::string> read_file(const std::string& file, std::size_t limit) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || static_cast<std::size_t>(in.gcount()) > limit) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::optional<std::string> decode_base64(const std::string& text) {
  const std::unique_ptr<EVP_ENCODE_CTX, decltype(&EVP_ENCODE_CTX_free)> context{
      EVP_ENCODE_CTX_new(), &EVP_ENCODE_CTX_free};
  EVP_DecodeInit(context.get());
  std::string out(text.size() + 3, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int written = 0, last = 0;
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeUpdate(context.get(), to, &written, from, static_cast<int>(text.size())) < 0 ||
      EVP_DecodeFinal(context.get(), to + written, &last) < 0) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

}  // namespace wanwise::kubernetes
