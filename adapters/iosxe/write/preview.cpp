#include "adapters/iosxe/write/preview.hpp"

#include "adapters/iosxe/mqc/change_cli.hpp"
#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/write/plan.hpp"

namespace wanwise::iosxe {

core::Expected<Preview> preview(const Mqc& observed, const core::RouterQos& desired,
                                const RouterConfig& config, const Dialect& dialect) {
  const auto after = plan(desired, config, nullptr, dialect);
  if (!after) return core::Unexpected{after.error()};
  return Preview{edit_native(observed, *after, dialect).value_or(""),
                 render_change_cli(observed, *after)};
}

}  // namespace wanwise::iosxe
