#include <fmt/core.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/daemon.hpp"
#include "adapters/cli/data_plan_book.hpp"
#include "adapters/cli/input.hpp"
#include "adapters/cli/lack_watch.hpp"
#include "adapters/cli/progress.hpp"
#include "adapters/cli/site_ports.hpp"
#include "adapters/cli/version.hpp"
#include "adapters/http/server.hpp"
#include "engine/runtime/alarm.hpp"
#include "engine/runtime/journal_file.hpp"
#include "engine/runtime/steady_clock.hpp"

namespace wanwise::cli {
namespace {

/// How often the time line says how things are, though nothing happened.
constexpr std::chrono::seconds kProgress{10};
/// How often the adapters are asked what they work around.
constexpr std::chrono::seconds kWatch{1};
/// What a daemon that is killed forgets of its data plans at most.
constexpr std::chrono::seconds kSaving{60};
/// How long a stop waits for what is under way: a NETCONF commit ends well within.
constexpr core::Micros kStopPatience = core::seconds(5);

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%FT%TZ", &utc);
  return text;
}

class Run {
 public:
  Run(const Common& common, const RunOptions& options) : m_common(common), m_options(options) {}

  int go() {
    auto input = load_site(m_common, m_options.choice);
    if (!input) return kFailed;
    auto ports = make_site_ports(m_io, m_clock, input->bundle, m_common.yang_dir);
    if (!ports) return print_error(ports.error()), kFailed;
    m_ports = std::move(*ports);
    if (!open_journal(*input) || !open_state(input->bundle.model)) return kFailed;
    runtime::LoopPorts loop_ports = m_ports.loop_ports();
    loop_ports.journal = m_journal.get();
    m_loop.emplace(m_io, core::Engine{std::move(input->bundle.model)}, m_clock, m_alarm,
                   loop_ports);
    m_started_at = m_clock.now();
    m_daemon.emplace(*m_loop, m_started_at, hooks());
    if (!listen()) return kFailed;
    arrange_stop();
    if (m_options.timeline) arrange_progress();
    watch_adapters();
    if (m_plans) arrange_saving();
    m_loop->start();
    m_io.run();
    save_state();
    finish_journal();
    return kOk;
  }

 private:
  bool open_journal(const Input& input) {
    if (m_options.journal.empty()) return true;
    runtime::JournalOptions options;
    options.resident_kib = runtime::resident_kib;
    auto journal = runtime::JournalFile::create(
        m_options.journal, {kVersion, input.bundle.model.site.name, m_clock.now(), input.documents},
        options);
    if (!journal) return print_error(journal.error()), false;
    m_journal = std::move(*journal);
    m_journal->note({m_clock.now(), runtime::resident_kib(), utc_now(), {}});
    return true;
  }

  bool open_state(const core::Model& model) {
    if (m_options.state.empty()) return true;
    auto plans = DataPlanBook::open(m_options.state + "/data-plans.json", model);
    if (!plans) return print_error(plans.error()), false;
    m_plans.emplace(std::move(*plans));
    return true;
  }

  void on_event(const core::Event& event) {
    const auto* sample = std::get_if<core::LinkCounters>(&event.body);
    if (sample == nullptr || !m_plans) return;
    if (const auto usage = m_plans->observe(*sample, std::time(nullptr))) {
      m_loop->sink().post(*usage);
    }
  }

  void save_state() {
    if (!m_plans) return;
    if (const auto saved = m_plans->save(m_loop->engine().status(), std::time(nullptr)); !saved) {
      print_error(saved.error());
    }
  }

  void arrange_saving() {
    m_saving.expires_after(kSaving);
    m_saving.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      save_state();
      arrange_saving();
    });
  }

  void finish_journal() {
    if (!m_journal) return;
    m_journal->note({m_clock.now(), runtime::resident_kib(), utc_now(), {}});
    m_journal->close();
  }

  Daemon::Hooks hooks() {
    Daemon::Hooks hooks;
    hooks.started = [this] { write_ready_file(); };
    hooks.event = [this](const core::Event& event) { on_event(event); };
    hooks.adapter_degradations = [this] { return m_lacks.present(m_clock.now()); };
    if (m_options.timeline) {
      hooks.line = [this](const TimelineLine& line) { print(line); };
    }
    return hooks;
  }

  void print(const TimelineLine& line) const {
    fmt::print("{}\n", timeline_text(line, Style{m_common.colour}));
    std::fflush(stdout);
  }

  void arrange_progress() {
    m_progress.expires_after(kProgress);
    m_progress.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      std::optional<core::Micros> total;
      if (m_options.seconds) total = core::seconds(*m_options.seconds);
      print(progress_line(m_daemon->status(), m_clock.now() - m_started_at, total));
      arrange_progress();
    });
  }

  /// What an adapter works around is not an event: the status shows it while it lasts, and the
  /// journal gets each kind once, as a note.
  void watch_adapters() {
    m_watch.expires_after(kWatch);
    m_watch.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      for (const core::Degradation& d : m_lacks.look(m_ports.lacks(), m_clock.now())) {
        if (!m_journal) continue;
        m_journal->note({m_clock.now(), {}, {}, d.code + " " + d.subject + ": " + d.detail});
      }
      watch_adapters();
    });
  }

  bool listen() {
    http::ServerOptions options;
    options.address = m_options.api_address;
    options.port = m_options.api_port;
    auto server = http::Server::listen(m_io, *m_daemon, options);
    if (!server) return print_error(server.error()), false;
    m_server = std::move(*server);
    return true;
  }

  void write_ready_file() const {
    if (m_options.ready_file.empty()) return;
    const boost::json::object ready{{"pid", static_cast<std::int64_t>(::getpid())},
                                    {"api_port", m_server->port()},
                                    {"ready_us", m_clock.now().micros}};
    const std::string draft = m_options.ready_file + ".part";
    std::ofstream(draft) << boost::json::serialize(ready) << '\n';
    if (std::rename(draft.c_str(), m_options.ready_file.c_str()) != 0) {
      print_error({"write-failed", m_options.ready_file + " cannot be written"});
    }
  }

  void arrange_stop() {
    m_signals.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) stop();
    });
    if (!m_options.seconds) return;
    m_end.expires_after(std::chrono::seconds(*m_options.seconds));
    m_end.async_wait([this](const boost::system::error_code& error) {
      if (!error) stop();
    });
  }

  void stop() {
    m_signals.cancel();
    m_end.cancel();
    m_progress.cancel();
    m_watch.cancel();
    m_saving.cancel();
    m_loop->stop(kStopPatience, [this] {
      m_server->stop();
      m_io.stop();
    });
  }

  const Common& m_common;
  const RunOptions& m_options;
  boost::asio::io_context m_io{1};
  runtime::SteadyClock m_clock;
  runtime::AsioAlarm m_alarm{m_io, m_clock};
  boost::asio::signal_set m_signals{m_io, SIGINT, SIGTERM};
  boost::asio::steady_timer m_end{m_io};
  boost::asio::steady_timer m_progress{m_io};
  boost::asio::steady_timer m_watch{m_io};
  boost::asio::steady_timer m_saving{m_io};
  LackWatch m_lacks;
  core::Instant m_started_at;
  SitePorts m_ports;
  std::unique_ptr<runtime::JournalFile> m_journal;
  std::optional<DataPlanBook> m_plans;
  std::optional<runtime::Loop> m_loop;
  std::optional<Daemon> m_daemon;
  std::unique_ptr<http::Server> m_server;
};

}  // namespace

int run(const Common& common, const RunOptions& options) {
  return Run{common, options}.go();
}

}  // namespace wanwise::cli
