// `edgecut import`: an ONNX or Caffe model as a model file of ours.
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/report_stream.hpp"
#include "results/atomic_file.hpp"
#include "workloads/describe.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::cli {
namespace {

struct ImportArguments {
  std::string file;
  std::string out;
  std::string name;
  std::optional<std::int64_t> batch;
  std::vector<std::string> dimensions;
  std::optional<double> input_bytes;
  bool json = false;
  bool in_full = false;
};

std::map<std::string, std::int64_t> read_dimensions(const std::vector<std::string>& texts) {
  std::map<std::string, std::int64_t> dimensions;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    const auto size =
        sign == std::string::npos ? std::nullopt : base::parse_number(text.substr(sign + 1));
    if (!size || *size < 1 || *size > 0x1p24 ||
        *size != static_cast<double>(static_cast<std::int64_t>(*size))) {
      throw base::ConfigError("--dimension",
                              "expected NAME=N with N from 1 to 16777216, got \"" + text + "\"");
    }
    dimensions[text.substr(0, sign)] = static_cast<std::int64_t>(*size);
  }
  return dimensions;
}

std::string report_json(const workloads::Dnn& dnn) {
  return workloads::describe_json(dnn).dump(2, ' ', false,
                                            nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

std::string report_text(const workloads::Dnn& dnn) {
  const auto giga = [](double value) { return base::format_fixed(value / 1e9, 3) + " G"; };
  return dnn.name() + ": " + std::to_string(dnn.layers().size()) + " layers, " +
         std::to_string(dnn.weights()) + " parameters, " + giga(base::in_flop(dnn.work())) +
         "flop a query, " + giga(dnn.multiply_adds()) +
         " multiply-adds in matrix products, input " + workloads::shape_text(dnn.input_shape()) +
         " (" + base::format_number(base::in_bytes(dnn.input_size())) + " bytes)\n";
}

int import_file(const ImportArguments& arguments) {
  workloads::ImportOptions options;
  options.batch = arguments.batch;
  options.dimensions = read_dimensions(arguments.dimensions);
  options.name = arguments.name;
  if (arguments.input_bytes) {
    options.input_size = base::bytes(*arguments.input_bytes);
  }
  const workloads::Dnn dnn = workloads::import_model(arguments.file, options);
  for (const std::string& note : dnn.notes()) {
    std::cerr << "edgecut: note: " << note << '\n';
  }
  std::ostream& report = report_stream(arguments.out);
  if (!arguments.out.empty()) {
    results::write_file_atomically(arguments.out, workloads::write_model(dnn));
  }
  report << (arguments.json ? report_json(dnn) : report_text(dnn));
  if (arguments.in_full && !arguments.json) {
    report << '\n' << workloads::describe(dnn);
  }
  return kDone;
}

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* command =
      app.add_subcommand("import", "Make a model file from an ONNX or Caffe (prototxt) model");
  command->add_option("file", arguments->file, "Model that ends in .onnx or .prototxt")->required();
  command->add_option("--out,-o", arguments->out, "Model file to write (JSON)");
  command->add_option("--name", arguments->name, "Name of the model (default: the file's)");
  command
      ->add_option("--batch", arguments->batch, "Rows of one query where the file leaves it open")
      ->check(number_between(1, 1 << 24));
  command->add_option("--dimension", arguments->dimensions,
                      "Size of another open dimension: NAME=N (repeatable)");
  command
      ->add_option("--input-bytes", arguments->input_bytes,
                   "Size of one query's input when it is sent unprocessed (default: the "
                   "tensor's)")
      ->check(number_between(1.0, 0x1p50));
  command->add_flag("--json", arguments->json, "The report as JSON");
  command->add_flag("--long,-l", arguments->in_full, "Also every layer");
  command->callback([arguments, &exit_code] { exit_code = import_file(*arguments); });
}

}  // namespace edgecut::cli
