// `edgecut profile-template`: the layers to measure, as a table to fill in.
#include <iostream>
#include <memory>
#include <vector>

#include "base/errors.hpp"
#include "cli/commands.hpp"
#include "predictors/profile_template.hpp"
#include "results/atomic_file.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::cli {
namespace {

struct TemplateArguments {
  std::vector<std::string> models;
  std::string out;
};

int write_template(const TemplateArguments& arguments) {
  std::vector<workloads::Dnn> dnns;
  base::Problems problems;
  for (const std::string& model : arguments.models) {
    try {
      dnns.push_back(workloads::find_model(model, {}, model));
    } catch (const base::ConfigError& error) {
      problems.add(error);
    }
  }
  problems.throw_if_any();
  const std::string text = predictors::profile_template(dnns);
  if (arguments.out.empty()) {
    std::cout << text;
  } else {
    results::write_file_atomically(arguments.out, text);
  }
  return kDone;
}

}  // namespace

void add_profile_template_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<TemplateArguments>();
  CLI::App* command = app.add_subcommand("profile-template",
                                         "Write the table of layers to measure, for `edgecut fit`");
  command
      ->add_option("model", arguments->models,
                   "Names of models that ship, or files (.json, .onnx, .prototxt)")
      ->required();
  command->add_option("--out,-o", arguments->out, "File to write (default: standard output)");
  command->callback([arguments, &exit_code] { exit_code = write_template(*arguments); });
}

}  // namespace edgecut::cli
