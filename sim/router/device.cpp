#include "sim/router/device.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "sim/router/config/qos_extract.hpp"
#include "sim/router/config/startup.hpp"
#include "sim/router/netconf/library.hpp"

namespace wanwise::router {

Device::Device(const ly_ctx* ctx, Plant& plant, DeviceSettings settings)
    : m_ctx(ctx),
      m_plant(plant),
      m_settings(std::move(settings)),
      m_library(yang_library(ctx, m_settings.release)) {
  std::timespec_get(&m_started, TIME_UTC);
}

core::Expected<std::unique_ptr<Device>> Device::create(const ly_ctx* ctx, Plant& plant,
                                                       DeviceSettings settings) {
  std::unique_ptr<Device> device(new Device(ctx, plant, std::move(settings)));
  const std::string& file = device->m_settings.startup_file;
  auto startup = !file.empty() && std::filesystem::exists(file)
                     ? load_config(ctx, file)
                     : default_config(ctx, plant.read().interfaces);
  if (!startup) {
    return core::Unexpected<core::Error>{startup.error()};
  }
  Device* self = device.get();
  device->m_datastores =
      std::make_unique<Datastores>(ctx, self->m_settings.datastore, std::move(*startup),
                                   [self](const Tree& running) { self->running_changed(running); });
  device->m_archive = std::make_unique<Archive>(*device->m_datastores);
  return device;
}

void Device::running_changed(const Tree& running) {
  PlantConfig config{.qos = extract_qos(running), .routes = extract_routes(running)};
  std::vector<SlaOperation> sla = extract_sla(running);
  for (const SlaOperation& operation : sla) {
    if (operation.scheduled) config.qos.operations.push_back(operation.run);
  }
  m_plant.configure(config);
  const std::lock_guard lock(m_qos_mutex);
  m_qos = std::move(config.qos);
  m_sla = std::move(sla);
}

std::vector<Reaction> Device::reactions() {
  std::vector<SlaOperation> sla;
  {
    const std::lock_guard lock(m_qos_mutex);
    sla = m_sla;
  }
  const bool any =
      std::any_of(sla.begin(), sla.end(), [](const auto& one) { return one.give_up > 0; });
  return any ? m_sla_watch.step(sla, m_plant.read().operations) : std::vector<Reaction>{};
}

Tree Device::state(const Roots& roots) {
  OperInput input;
  input.reading = m_plant.read();
  input.started = m_started;
  input.faults = m_settings.faults;
  input.release = m_settings.release;
  input.roots = roots;
  if (m_settings.push) {
    input.telemetry = m_telemetry ? m_telemetry() : TelemetryState{};
  }
  std::timespec_get(&input.now, TIME_UTC);
  {
    const std::lock_guard lock(m_qos_mutex);
    input.qos = m_qos;
    input.sla = m_sla;
  }
  input.archives = m_archive->files();
  if (m_sessions && roots.has("netconf-state")) {
    input.sessions = m_sessions();
  }
  return oper_data(m_ctx, input);
}

Tree Device::everything(const Roots& roots) {
  Tree data = state(roots);
  if (roots.has("modules-state") || roots.has("yang-library")) {
    if (Tree library = m_library.copy()) {
      lyd_insert_sibling(data.get(), library.release(), data.slot());
    }
  }
  if (roots.has("native")) {
    Tree config = m_datastores->copy(Datastore::running);
    lyd_merge_siblings(data.slot(), config.release(), LYD_MERGE_DESTRUCT | LYD_MERGE_WITH_FLAGS);
  }
  return data;
}

Outcome Device::change_by_hand(const std::string& xml) {
  // What syncfd takes to read a change at the CLI back: seconds (terraform-provider-iosxe 201).
  constexpr std::chrono::seconds kSync{2};
  lyd_node* first = nullptr;
  const LY_ERR parsed =
      lyd_parse_data_mem(m_ctx, xml.c_str(), LYD_XML, LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &first);
  const Tree edit(first);
  if (parsed != LY_SUCCESS) {
    return core::Unexpected<RpcError>{validation_error(m_ctx)};
  }
  auto done = m_datastores->edit_by_hand(edit.get());
  m_datastores->sync_until(std::chrono::steady_clock::now() + kSync);
  return done;
}

core::Expected<void> Device::save() {
  if (m_settings.startup_file.empty()) {
    return {};
  }
  return save_config(m_datastores->copy(Datastore::running), m_settings.startup_file);
}

}  // namespace wanwise::router
