// Breaks the symbol fence on purpose.
#include <chrono>
#include <cstdlib>

bool breaks_the_fence();
bool breaks_the_fence() {
  return std::getenv("HOME") != nullptr &&
         std::chrono::system_clock::now().time_since_epoch().count() > 0;
}
