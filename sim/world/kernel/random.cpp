#include "sim/world/kernel/random.hpp"

#include <cmath>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

// ln 2 in two parts; the high part has 32 bits, so that its product with an exponent is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kHalfSqrt = 0.70710678118654752440;

std::uint64_t rotate_left(std::uint64_t x, int k) {
  return (x << k) | (x >> (64 - k));
}

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i > 0; --i) sum = sum * x + c[i - 1];
  return sum;
}

// Coefficients of AS 241 (PPND16), central region |p - 1/2| <= 0.425.
constexpr std::array<double, 8> kCentreOver{3.3871328727963666080e0,  1.3314166789178437745e+2,
                                            1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                            4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                            3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> kCentreUnder{1.0,
                                             4.2313330701600911252e+1,
                                             6.8718700749205790830e+2,
                                             5.3941960214247511077e+3,
                                             2.1213794301586595867e+4,
                                             3.9307895800092710610e+4,
                                             2.8729085735721942674e+4,
                                             5.2264952788528545610e+3};
// Middle tail, r = sqrt(-ln p) <= 5.
constexpr std::array<double, 8> kMiddleOver{1.42343711074968357734e0,  4.63033784615654529590e0,
                                            5.76949722146069140550e0,  3.64784832476320460504e0,
                                            1.27045825245236838258e0,  2.41780725177450611770e-1,
                                            2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> kMiddleUnder{1.0,
                                             2.05319162663775882187e0,
                                             1.67638483018380384940e0,
                                             6.89767334985100004550e-1,
                                             1.48103976427480074590e-1,
                                             1.51986665636164571966e-2,
                                             5.47593808499534494600e-4,
                                             1.05075007164441684324e-9};
// Far tail.
constexpr std::array<double, 8> kFarOver{6.65790464350110377720e0,  5.46378491116411436990e0,
                                         1.78482653991729133580e0,  2.96560571828504891230e-1,
                                         2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                         2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> kFarUnder{1.0,
                                          5.99832206555887937690e-1,
                                          1.36929880922735805310e-1,
                                          1.48753612908506148525e-2,
                                          7.86869131145613259100e-4,
                                          1.84631831751005468180e-5,
                                          1.42151175831644588870e-7,
                                          2.04426310338993978564e-15};

}  // namespace

Stream::Stream(std::uint64_t seed, std::string_view name) : m_state{} {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  std::uint64_t mixer = seed;
  mixer = split_mix(mixer) ^ hash;
  for (auto& word : m_state) word = split_mix(mixer);
}

std::uint64_t Stream::next() {
  auto& s = m_state;
  const std::uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

double Stream::uniform() {
  // 52 bits and a half: never 0, never 1, exact in a double.
  return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52;
}

double Stream::exponential(double mean) {
  return -portable_log(uniform()) * mean;
}

double Stream::normal() {
  return normal_quantile(uniform());
}

// Marsaglia, Tsang: "A simple method for generating gamma variables", 2000; below a shape of 1 by
// the next shape and a power of a uniform number.
double Stream::gamma(double shape) {
  WANWISE_CHECK(shape > 0);
  if (shape < 1) {
    const double next_shape = gamma(shape + 1);
    return next_shape * portable_exp(portable_log(uniform()) / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    const double u = uniform();
    if (root <= 0) continue;
    const double v = root * root * root;
    if (portable_log(u) < 0.5 * x * x + d - d * v + d * portable_log(v)) return d * v;
  }
}

double portable_log(double x) {
  WANWISE_CHECK(x > 0);
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kHalfSqrt) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh f, |f| <= 0.172: the term f^23/23 is below 1e-18.
  const double f = (mantissa - 1) / (mantissa + 1);
  const double f2 = f * f;
  double sum = 0;
  for (int n = 21; n >= 3; n -= 2) sum = (sum + 1.0 / n) * f2;
  const double e = exponent;
  return e * kLn2High + (2 * f + (2 * f * sum + e * kLn2Low));
}

double portable_exp(double x) {
  // Beyond these a double has no value; callers stay far inside.
  if (x < -700) return 0;
  WANWISE_CHECK(x < 700);
  const double k = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  // |r| <= 0.347: the term r^15/15! is below 1e-19.
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

// Reduced to an eighth of a turn to either side of a quarter; there |angle| <= 0.786 and the terms
// angle^19/19! and angle^18/18! are below 1e-18.
double portable_sine(double turns) {
  WANWISE_CHECK(turns >= 0 && turns < 1);
  constexpr double kTwoPi = 6.28318530717958647692;
  const double quarter = std::floor(4 * turns + 0.5);
  const double angle = (turns - quarter / 4) * kTwoPi;
  const double square = angle * angle;
  double sine = 1, cosine = 1;
  for (int n = 16; n >= 2; n -= 2) {
    sine = 1 - sine * square / (n * (n + 1));
    cosine = 1 - cosine * square / (n * (n - 1));
  }
  sine *= angle;
  switch (static_cast<int>(quarter) % 4) {
    case 0:
      return sine;
    case 1:
      return cosine;
    case 2:
      return -sine;
    default:
      return -cosine;
  }
}

double normal_quantile(double p) {
  WANWISE_CHECK(p > 0 && p < 1);
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kCentreOver, r) / polynomial(kCentreUnder, r);
  }
  const double r = std::sqrt(-portable_log(q < 0 ? p : 1 - p));
  const double z = r <= 5 ? polynomial(kMiddleOver, r - 1.6) / polynomial(kMiddleUnder, r - 1.6)
                          : polynomial(kFarOver, r - 5) / polynomial(kFarUnder, r - 5);
  return q < 0 ? -z : z;
}

void Checksum::add(std::uint64_t word) {
  for (int shift = 0; shift < 64; shift += 8)
    m_value = (m_value ^ ((word >> shift) & 0xff)) * kFnvPrime;
}

}  // namespace wanwise::sim
