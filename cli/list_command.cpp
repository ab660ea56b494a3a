// `edgecut list`: what ships with the program, by the names that scenarios use.
#include <iostream>
#include <memory>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/units_as_read.hpp"
#include "cli/commands.hpp"
#include "platforms/device.hpp"
#include "platforms/network.hpp"
#include "policies/registry.hpp"
#include "results/text_table.hpp"
#include "workloads/describe.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::cli {
namespace {

using Cells = std::vector<std::vector<std::string>>;

void list_models(bool in_full) {
  Cells cells;
  for (const std::string& name : workloads::model_names()) {
    const workloads::Dnn dnn = workloads::find_model(name, "", name);
    if (in_full) {
      std::cout << workloads::describe(dnn) << '\n';
      continue;
    }
    cells.push_back({name, std::to_string(dnn.layers().size()),
                     base::format_fixed(base::in_flop(dnn.work()) / 1e6, 1),
                     std::to_string(dnn.weights()),
                     base::format_number(base::in_bytes(dnn.input_size())), dnn.title()});
  }
  if (!in_full) {
    using results::Align;
    std::cout << results::text_table({{"model"},
                                      {"layers", Align::kRight},
                                      {"Mflop/query", Align::kRight},
                                      {"parameters", Align::kRight},
                                      {"input bytes", Align::kRight},
                                      {"title"}},
                                     cells);
  }
}

void list_devices() {
  Cells cells;
  for (const std::string& name : base::data_names("platforms/devices", ".json")) {
    const platforms::Device device = platforms::find_device(name, "", name);
    cells.push_back(
        {name, device.kind == platforms::DeviceKind::kMobile ? "mobile" : "server", device.title});
  }
  std::cout << results::text_table({{"device"}, {"kind"}, {"title"}}, cells);
}

std::string milliwatts(base::Power power) {
  return base::format_significant(1e3 * base::in_watts(power), 4);
}

std::string milliseconds(base::Duration time) {
  return base::format_number(base::milliseconds_as_read(time));
}

std::string listens(const std::optional<platforms::ListeningCycle>& listening) {
  return listening ? milliseconds(listening->on) + " of every " + milliseconds(listening->cycle)
                   : "always";
}

// What the radio takes while data flows: so much for a rate, and a base.
std::string active(base::EnergyPerBit alpha, base::Power beta) {
  return base::format_significant(1e9 * base::in_joules_per_bit(alpha), 4) + " x Mbit/s + " +
         milliwatts(beta);
}

void print_states(const platforms::NetworkProfile& network) {
  Cells cells;
  if (network.promotion_duration > base::seconds(0)) {
    cells.push_back({"promotion", milliwatts(network.promotion_power),
                     milliseconds(network.promotion_duration), ""});
  }
  cells.push_back({"active up", active(network.alpha_up, network.beta), "", ""});
  if (network.charges_download) {
    cells.push_back({"active down", active(network.alpha_down, network.beta), "", ""});
  }
  for (std::size_t i = 0; i < network.tail.size(); ++i) {
    const platforms::TailPhase& phase = network.tail[i];
    cells.push_back({platforms::tail_state_name(network, i), milliwatts(phase.power),
                     milliseconds(phase.duration), listens(phase.listening)});
  }
  cells.push_back({network.idle_state,
                   milliwatts(network.idle ? platforms::mean_power(*network.idle) : base::Power{}),
                   "", listens(network.idle)});
  using results::Align;
  std::cout << network.name << ": " << network.title << '\n'
            << results::text_table({{"state"},
                                    {"mW in the mean", Align::kRight},
                                    {"lasts ms", Align::kRight},
                                    {"listens, ms", Align::kRight}},
                                   cells)
            << (network.answers_wait ? "answers wait until the radio listens\n" : "") << '\n';
}

void list_networks(bool in_full) {
  Cells cells;
  for (const std::string& name : base::data_names("platforms/networks", ".json")) {
    const platforms::NetworkProfile network = platforms::find_network(name, "", name);
    if (in_full) {
      print_states(network);
      continue;
    }
    cells.push_back(
        {name,
         network.uplink ? base::format_significant(base::in_megabits_per_s(*network.uplink), 4)
                        : "unlimited",
         base::format_significant(
             base::in_milliseconds(network.uplink_latency + network.downlink_latency), 4),
         network.title});
  }
  if (in_full) {
    return;
  }
  using results::Align;
  std::cout << results::text_table(
      {{"network"}, {"uplink Mbit/s", Align::kRight}, {"round trip ms", Align::kRight}, {"title"}},
      cells);
}

void list_policies() {
  Cells cells;
  for (const policies::PolicyEntry& entry : policies::policy_entries()) {
    cells.push_back({entry.name, entry.summary});
  }
  std::cout << results::text_table({{"policy"}, {"what it does"}}, cells);
}

// The description is read leniently: `validate` is for judging a file.
void list_scenarios() {
  Cells cells;
  for (const std::string& name : base::data_names("scenarios", ".json")) {
    const auto document =
        base::JsonDocument::from_file(base::data_directory() / "scenarios" / (name + ".json"));
    const auto& raw = document.raw();
    cells.push_back({"scenarios/" + name + ".json", raw.is_object() &&
                                                            raw.contains("description") &&
                                                            raw["description"].is_string()
                                                        ? raw["description"].get<std::string>()
                                                        : ""});
  }
  std::cout << results::text_table({{"scenario"}, {"description"}}, cells);
}

void list_traces() {
  for (const std::string& name : base::data_names("platforms/traces", ".csv")) {
    std::cout << name << '\n';
  }
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("list", "List what scenarios can name");
  command->require_subcommand(1);
  auto in_full = std::make_shared<bool>(false);
  CLI::App* models = command->add_subcommand("models", "The DNNs");
  models->add_flag("--long,-l", *in_full, "Every layer of every model");
  models->callback([in_full, &exit_code] {
    list_models(*in_full);
    exit_code = kDone;
  });
  CLI::App* networks = command->add_subcommand("networks", "Wireless networks");
  networks->add_flag("--long,-l", *in_full, "Every state of every radio");
  networks->callback([in_full, &exit_code] {
    list_networks(*in_full);
    exit_code = kDone;
  });
  const auto add = [command](const char* name, const char* text, void (*print)()) {
    command->add_subcommand(name, text)->callback([print] { print(); });
  };
  add("devices", "Mobile devices and servers", list_devices);
  add("traces", "Bandwidth traces", list_traces);
  add("policies", "Split policies", list_policies);
  add("scenarios", "Scenario files", list_scenarios);
}

}  // namespace edgecut::cli
