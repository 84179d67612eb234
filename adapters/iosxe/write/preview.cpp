#include "adapters/iosxe/write/preview.hpp"

#include "adapters/iosxe/mqc/change_cli.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/write/plan.hpp"

namespace wanwise::iosxe {

core::Expected<Preview> preview(const ObservedConfig& observed, const core::RouterQos& desired,
                                const RouterConfig& config, const Dialect& dialect) {
  const auto planned = plan(desired, config, nullptr, dialect);
  if (!planned) return core::Unexpected{planned.error()};
  const auto after = on_router(*planned, observed.own, observed.taken);
  if (!after) return core::Unexpected{after.error()};
  return Preview{edit_native(observed.own, *after, dialect).value_or(""),
                 render_change_cli(observed.own, *after)};
}

}  // namespace wanwise::iosxe
