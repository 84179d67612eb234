// Laws that are no single number: arrivals of sources, accelerators, what links are made of.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/study/language/study_reading.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using policy::Unit;
using policy::YamlNode;

constexpr std::int64_t kMillisecond = 1'000;
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kWhole = 1'000'000;
constexpr Range kSpell{kMillisecond, kDay};
// A recording of arrivals is kept in memory for each source: 16 MB.
constexpr std::size_t kMaxArrivals = 2'000'000;
constexpr std::size_t kMaxHops = 16;
const std::vector<std::string> kProcesses{"periodic", "poisson", "gamma", "mmpp-2", "replay"};

PeriodicArrivals periodic(Section& section) {
  PeriodicArrivals law;
  section.read("jitter", Unit::share, {0, kWhole / 2}, law.jitter);
  if (const YamlNode* gate = section.node("moving-only")) {
    Section spells(section.reading(), *gate, section.path_of("moving-only"), "moving-only",
                   {"mean-moving", "mean-still"});
    spells.need({"mean-moving", "mean-still"});
    MotionGate motion{core::seconds(1), core::seconds(1)};
    spells.read("mean-moving", Unit::duration, kSpell, motion.mean_moving);
    spells.read("mean-still", Unit::duration, kSpell, motion.mean_still);
    law.gate = motion;
  }
  return law;
}

GammaArrivals gamma(Section& section) {
  GammaArrivals law;
  section.need({"cv"});
  if (const auto cv = section.factor("cv", {50'000, 20 * kWhole})) law.cv_milli = *cv / 1000;
  return law;
}

Mmpp2Arrivals mmpp2(Section& section) {
  Mmpp2Arrivals law{core::Ppm{kWhole / 2}, core::seconds(1), core::seconds(1)};
  section.need({"low", "mean-low", "mean-high"});
  section.read("low", Unit::share, {0, kWhole - 1}, law.low);
  section.read("mean-low", Unit::duration, kSpell, law.mean_low);
  section.read("mean-high", Unit::duration, kSpell, law.mean_high);
  return law;
}

/// One arrival a line: seconds since the beginning.
std::string read_offsets(const std::string& text, std::vector<core::Micros>& offsets) {
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.empty()) continue;
    const auto seconds = parse_number(line);
    const std::string where = "line " + std::to_string(lines.number()) + ": ";
    if (!seconds || *seconds < 0 || *seconds > 30 * 86'400)
      return where + policy::in_quotes(line) + " is no time in seconds";
    const core::Micros at{std::llround(*seconds * 1e6)};
    if (!offsets.empty() && at < offsets.back()) return where + "goes back in time";
    if (offsets.size() >= kMaxArrivals)
      return "more than " + std::to_string(kMaxArrivals) + " arrivals";
    offsets.push_back(at);
  }
  return offsets.empty() ? "holds no arrival" : std::string{};
}

std::optional<ReplayedArrivals> replay(StudyReading& r, Section& section) {
  section.need({"file"});
  const auto path = resolve_path(r, section, "file");
  if (!path) return std::nullopt;
  const auto text = read_text(*path);
  if (!text) return section.refuse("file", text.error().message), std::nullopt;
  r.hash.add(*text);
  ReplayedArrivals law;
  if (const std::string problem = read_offsets(*text, law.offsets); !problem.empty())
    return section.refuse("file", *path + ": " + problem), std::nullopt;
  // The end of a recording is one mean interval behind its last arrival.
  const std::int64_t last = law.offsets.back().count;
  law.period = core::Micros{
      last + std::max<std::int64_t>(1, last / static_cast<std::int64_t>(law.offsets.size()))};
  section.read("period", Unit::duration, {last + 1, 30 * kDay}, law.period);
  return law;
}

std::optional<ArrivalProcess> process(StudyReading& r, const Place& place) {
  if (place.node.kind == YamlNode::Kind::scalar) {
    const auto word = word_of(place, {"periodic", "poisson"});
    if (!word) return std::nullopt;
    return *word == "poisson" ? ArrivalProcess{PoissonArrivals{}}
                              : ArrivalProcess{PeriodicArrivals{}};
  }
  Section section(place.reading, place.node, place.path, "arrivals", kProcesses);
  if (place.node.kind != YamlNode::Kind::mapping) return std::nullopt;
  if (place.node.items.size() != 1) {
    section.refuse_all("wants one process", policy::listed(kProcesses));
    return std::nullopt;
  }
  const std::string& name = place.node.items.front().key;
  const auto inner = [&](std::vector<std::string> keys) {
    return Section(place.reading, place.node.items.front(), section.path_of(name), "'" + name + "'",
                   std::move(keys));
  };
  if (name == "periodic") {
    Section s = inner({"jitter", "moving-only"});
    return periodic(s);
  }
  if (name == "poisson") {
    section.refuse(name, "poisson has no parameters; write arrivals: poisson");
    return std::nullopt;
  }
  if (name == "gamma") {
    Section s = inner({"cv"});
    return gamma(s);
  }
  if (name == "mmpp-2") {
    Section s = inner({"low", "mean-low", "mean-high"});
    return mmpp2(s);
  }
  if (name != "replay") return std::nullopt;
  Section s = inner({"file", "period"});
  if (auto law = replay(r, s)) return *law;
  return std::nullopt;
}

Diurnal diurnal(Section& owner, const YamlNode& node) {
  Section section(owner.reading(), node, owner.path_of("diurnal"), "a day's wave",
                  {"period", "amplitude", "peak"});
  section.need({"amplitude"});
  Diurnal wave;
  section.read("period", Unit::duration, {kSecond, 30 * kDay}, wave.period);
  section.read("amplitude", Unit::share, {1, kWhole}, wave.amplitude);
  section.read("peak", Unit::duration, {0, 30 * kDay}, wave.peak);
  return wave;
}

/// The workloads that are meant, each with those of its sources that are.
void add_laws(StudyReading& r, Section& section, const ArrivalLaw& law) {
  const core::Model& model = r.loaded.base.model;
  std::vector<std::string> names = selectable(model, Subject::workload);
  names.push_back("all");
  const auto name = section.text("workload");
  if (!name || !known(section, "workload", *name, "workload", names)) return;
  const auto source = section.text("source");
  std::vector<std::string> sources;
  bool found = false;
  for (const core::Workload& workload : model.policy.workloads) {
    if (*name != "all" && workload.name.text != *name) continue;
    for (const core::SourceName& own : workload.sources) {
      sources.push_back(own.text);
      if (source && own.text != *source) continue;
      found = true;
      auto& laws = r.loaded.base.tuning.sources;
      const bool twice = std::any_of(laws.begin(), laws.end(), [&](const SourceLaw& other) {
        return other.workload == workload.name && other.source == own;
      });
      if (twice)
        section.refuse("workload", "arrivals of " + workload.name.text + " from " + own.text +
                                       " have a law already");
      laws.push_back({workload.name, own, law});
    }
  }
  if (!found && source) known(section, "source", *source, "source of it", sources);
}

Batching batching(Section& owner) {
  Section section(owner.reading(), *owner.node("batching"), owner.path_of("batching"), "batching",
                  {"largest", "longest-wait", "marginal"});
  Batching law;
  if (const auto n = section.integer("largest", {1, 128}))
    law.largest = static_cast<std::int32_t>(*n);
  section.read("longest-wait", Unit::duration, {0, kSecond}, law.longest_wait);
  section.read("marginal", Unit::share, {0, kWhole}, law.marginal);
  return law;
}

Heat heat(Section& owner) {
  Section section(owner.reading(), *owner.node("heat"), owner.path_of("heat"), "heat",
                  {"ambient", "rise", "time-constant", "throttle-at", "release-at", "slowdown"});
  Heat law;
  const auto degrees = [&](std::string_view key, std::int32_t& into) {
    if (const auto n = section.integer(key, {-50, 200})) into = static_cast<std::int32_t>(*n);
  };
  degrees("ambient", law.ambient_c);
  degrees("rise", law.rise_c);
  degrees("throttle-at", law.throttle_at_c);
  degrees("release-at", law.release_at_c);
  section.read("time-constant", Unit::duration, {kSecond, kDay}, law.time_constant);
  if (const auto factor = section.factor("slowdown", {kWhole, 100 * kWhole}))
    law.slowdown = core::Ppm{*factor};
  if (law.release_at_c >= law.throttle_at_c)
    section.refuse("release-at", "is not below throttle-at",
                   "less than " + std::to_string(law.throttle_at_c));
  return law;
}

Power power(Section& owner) {
  Section section(owner.reading(), *owner.node("power"), owner.path_of("power"), "power",
                  {"idle-mw", "busy-mw"});
  section.need({"idle-mw", "busy-mw"});
  constexpr Range kMilliwatts{0, 10'000'000};
  return {section.integer("idle-mw", kMilliwatts).value_or(0),
          section.integer("busy-mw", kMilliwatts).value_or(0)};
}

Autoscale autoscale(Section& owner) {
  Section section(owner.reading(), *owner.node("autoscale"), owner.path_of("autoscale"),
                  "autoscale",
                  {"least", "most", "target-load", "period", "start", "stabilisation"});
  section.need({"least", "most"});
  Autoscale law;
  law.least = static_cast<std::int32_t>(section.integer("least", {1, 1'000}).value_or(1));
  law.most = static_cast<std::int32_t>(section.integer("most", {1, 1'000}).value_or(law.least));
  section.read("target-load", Unit::share, {10'000, kWhole}, law.target_load);
  section.read("period", Unit::duration, {kSecond, kDay}, law.period);
  section.read("start", Unit::duration, {0, kDay}, law.start);
  section.read("stabilisation", Unit::duration, {0, kDay}, law.stabilisation);
  if (law.most < law.least)
    section.refuse("most", "is below least", std::to_string(law.least) + " or more");
  return law;
}

TargetTuning target(Section& section, bool cloud) {
  TargetTuning tuning;
  const auto discipline = section.word("discipline", {"fifo", "processor-sharing"});
  if (discipline == "processor-sharing") tuning.discipline = Discipline::processor_sharing;
  const auto shape = section.word("shape", {"lognormal", "exponential", "constant"});
  if (shape == "exponential") tuning.shape = ServiceShape::exponential;
  if (shape == "constant") tuning.shape = ServiceShape::constant;
  if (section.node("batching") != nullptr) tuning.batching = batching(section);
  if (section.node("heat") != nullptr) tuning.heat = heat(section);
  if (section.node("power") != nullptr) tuning.power = power(section);
  if (section.node("autoscale") != nullptr) tuning.autoscale = autoscale(section);
  const bool fifo = tuning.discipline == Discipline::fifo;
  if (tuning.batching && !fifo) section.refuse("batching", "needs discipline: fifo");
  if (tuning.autoscale && !fifo) section.refuse("autoscale", "needs discipline: fifo");
  if (tuning.autoscale && !cloud) section.refuse("autoscale", "only clouds scale");
  return tuning;
}

Hop hop(Reading& reading, const YamlNode& node, const std::string& path) {
  Section section(reading, node, path, "a hop", {"rate", "delay", "buffer"});
  section.need({"rate", "delay"});
  Hop result;
  result.rate = core::Bps{1'000'000};
  section.read("rate", Unit::rate, {8'000, 1'000'000'000'000}, result.rate);
  section.read("delay", Unit::duration, {0, 10 * kSecond}, result.delay);
  section.read("buffer", Unit::size, {1'500, 1'000'000'000}, result.buffer);
  return result;
}

Wred wred(Section& owner) {
  Section section(owner.reading(), *owner.node("wred"), owner.path_of("wred"), "wred",
                  {"least", "most", "mark-denominator", "weight-exponent"});
  Wred law;
  const auto read = [&](std::string_view key, Range range, std::uint32_t& into) {
    if (const auto n = section.integer(key, range)) into = static_cast<std::uint32_t>(*n);
  };
  read("least", {1, 4'096}, law.least);
  read("most", {1, 4'096}, law.most);
  read("mark-denominator", {1, 65'536}, law.mark_denominator);
  read("weight-exponent", {1, 16}, law.weight_exponent);
  if (law.most <= law.least)
    section.refuse("most", "is not above least", "more than " + std::to_string(law.least));
  return law;
}

/// The names of a list's items, refused where unknown or repeated.
class OncePerName {
 public:
  OncePerName(std::string what, std::vector<std::string> names)
      : m_what(std::move(what)), m_names(std::move(names)) {}

  std::optional<std::string> take(Section& section) {
    section.need({m_what});
    const auto name = section.text(m_what);
    if (!name || !known(section, m_what, *name, m_what, m_names)) return std::nullopt;
    if (std::find(m_seen.begin(), m_seen.end(), *name) != m_seen.end()) {
      section.refuse(m_what, m_what + ' ' + policy::in_quotes(*name) + " is here twice");
      return std::nullopt;
    }
    m_seen.push_back(*name);
    return name;
  }

 private:
  std::string m_what;
  std::vector<std::string> m_names, m_seen;
};

}  // namespace

void read_sources(StudyReading& r, Section& root) {
  const auto& items = root.list("sources");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path("sources", items[i], i), "a source",
                    {"workload", "source", "arrivals", "diurnal"});
    section.need({"workload", "arrivals"});
    const auto place = section.at("arrivals");
    if (!place) continue;
    const auto arrivals = process(r, *place);
    if (!arrivals) continue;
    ArrivalLaw law{*arrivals, {}};
    if (const YamlNode* wave = section.node("diurnal")) law.diurnal = diurnal(section, *wave);
    add_laws(r, section, law);
  }
}

void read_targets(StudyReading& r, Section& root) {
  const core::Model& model = r.loaded.base.model;
  OncePerName names("target", selectable(model, Subject::target));
  const auto clouds = selectable(model, Subject::cloud);
  const auto& items = root.list("targets");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path("targets", items[i], i, "target"), "a target",
                    {"target", "discipline", "shape", "batching", "heat", "power", "autoscale"});
    const auto name = names.take(section);
    if (!name) continue;
    const bool cloud = std::find(clouds.begin(), clouds.end(), *name) != clouds.end();
    TargetTuning tuning = target(section, cloud);
    tuning.target = core::TargetName{*name};
    r.loaded.base.tuning.targets.push_back(std::move(tuning));
  }
}

void read_link_tuning(StudyReading& r, Section& root) {
  OncePerName names("link", selectable(r.loaded.base.model, Subject::link));
  const auto& items = root.list("link-tuning");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Section section(r.reading, items[i], item_path("link-tuning", items[i], i, "link"),
                    "a link's tuning", {"link", "loss", "hops", "wred"});
    const auto name = names.take(section);
    if (!name) continue;
    LinkTuning tuning;
    tuning.link = core::LinkName{*name};
    section.read("loss", Unit::share, {0, kWhole / 2}, tuning.loss);
    const auto& hops = section.list("hops");
    if (hops.size() > kMaxHops)
      section.refuse("hops", "more than " + std::to_string(kMaxHops) + " hops");
    for (std::size_t h = 0; h < std::min(hops.size(), kMaxHops); ++h)
      tuning.hops.push_back(
          hop(r.reading, hops[h], item_path(section.path_of("hops"), hops[h], h)));
    if (section.node("wred") != nullptr) tuning.wred = wred(section);
    r.loaded.base.tuning.link_tunings.push_back(std::move(tuning));
  }
}

}  // namespace wanwise::sim
