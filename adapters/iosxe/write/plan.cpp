#include "adapters/iosxe/write/plan.hpp"

#include "adapters/iosxe/mqc/mqc_check.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"

namespace wanwise::iosxe {

core::Expected<Mqc> plan(const core::RouterQos& desired, const RouterConfig& config,
                         const Schema* schema, const Dialect& dialect) {
  auto mqc = to_mqc(desired, paths_of(config));
  if (!mqc) return mqc;
  if (auto checked = check_references(*mqc); !checked) return core::Unexpected{checked.error()};
  const auto whole = edit_native({}, *mqc, dialect);
  if (schema == nullptr || !whole) return mqc;
  if (auto checked = schema->check_config(*whole); !checked)
    return core::Unexpected{checked.error()};
  return mqc;
}

}  // namespace wanwise::iosxe
