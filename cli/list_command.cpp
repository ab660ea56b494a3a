// `edgecut list`: what ships with the program, by the names that scenarios use.
#include <iostream>
#include <memory>

#include "base/file.hpp"
#include "base/text.hpp"
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

void list_networks() {
  Cells cells;
  for (const std::string& name : base::data_names("platforms/networks", ".json")) {
    const platforms::NetworkProfile network = platforms::find_network(name, "", name);
    cells.push_back(
        {name,
         network.uplink ? base::format_significant(base::in_megabits_per_s(*network.uplink), 4)
                        : "unlimited",
         base::format_significant(
             base::in_milliseconds(network.uplink_latency + network.downlink_latency), 4),
         network.title});
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
  const auto add = [command](const char* name, const char* text, void (*print)()) {
    command->add_subcommand(name, text)->callback([print] { print(); });
  };
  add("devices", "Mobile devices and servers", list_devices);
  add("networks", "Wireless networks", list_networks);
  add("traces", "Bandwidth traces", list_traces);
  add("policies", "Split policies", list_policies);
  add("scenarios", "Scenario files", list_scenarios);
}

}  // namespace edgecut::cli
