#include "sim/study/report/provenance.hpp"

#include "sim/study/commit.hpp"

namespace wanwise::sim {

Provenance this_build() {
  return {.commit = kCommit, .command = "wanwise study STUDY.yaml --out DIR"};
}

}  // namespace wanwise::sim
