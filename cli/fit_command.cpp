// `edgecut fit`: from measured layers to a predictor.
#include <iostream>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/report_stream.hpp"
#include "predictors/fit_predictor.hpp"
#include "results/atomic_file.hpp"
#include "results/text_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::cli {
namespace {

using predictors::FormScore;
using predictors::PredictorData;
using predictors::TypePredictor;

struct FitArguments {
  std::vector<std::string> profiles;
  std::string device;
  std::string out;
  std::string forms = "best";
  std::string date;
  int folds = 5;
  std::uint64_t seed = 1;
  bool input_copied = false;
  bool json = false;
};

std::string type_name(workloads::LayerType type) {
  return std::string(workloads::layer_type_name(type));
}

const std::string& form_name(predictors::Form form) {
  return predictors::form_names()[static_cast<std::size_t>(form)];
}

// Five cells: median, p90, shares within 10 and 20 %, R2.
std::vector<std::string> score_cells(const FormScore* score) {
  if (score == nullptr) {
    return {"-", "-", "-", "-", "-"};
  }
  const auto percent = [](double share) {
    const double value = 100 * share;
    return value < 1e4 ? base::format_fixed(value, 1) : base::format_significant(value, 2);
  };
  return {
      percent(score->median), percent(score->p90), percent(score->within_10),
      percent(score->within_20),
      score->r2 > -1e3 ? base::format_fixed(score->r2, 3) : base::format_significant(score->r2, 2)};
}

const FormScore* find_score(const std::vector<FormScore>& scores, predictors::Form form) {
  for (const FormScore& score : scores) {
    if (score.form == form) {
      return &score;
    }
  }
  return nullptr;
}

std::vector<std::string> row(const std::string& name, std::size_t layers, predictors::Form form,
                             const FormScore* score) {
  std::vector<std::string> cells = {name, std::to_string(layers), form_name(form)};
  for (std::string& cell : score_cells(score)) {
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::string report_text(const PredictorData& data) {
  using results::Align;
  std::vector<std::vector<std::string>> rows;
  for (const TypePredictor& type : data.types) {
    rows.push_back(row(type_name(type.type), type.samples, type.time.form, type.score()));
    const FormScore* published = find_score(type.tried, predictors::Form::kPublished);
    if (published != nullptr && type.time.form != predictors::Form::kPublished) {
      rows.push_back(row("", type.samples, predictors::Form::kPublished, published));
    }
    if (type.power) {
      rows.push_back(row("  its power", type.samples, type.power->form,
                         find_score(type.tried_power, type.power->form)));
    }
  }
  return "Errors |predicted / measured - 1| on held-out layers, %; R2 of the values "
         "themselves\n\n" +
         results::text_table({{"type"},
                              {"layers", Align::kRight},
                              {"form"},
                              {"median", Align::kRight},
                              {"p90", Align::kRight},
                              {"<=10", Align::kRight},
                              {"<=20", Align::kRight},
                              {"R2", Align::kRight}},
                             rows);
}

nlohmann::ordered_json score_json(predictors::Form form, const FormScore* score) {
  nlohmann::ordered_json json = {{"form", form_name(form)}};
  if (score != nullptr) {
    json["error_median"] = score->median;
    json["error_p90"] = score->p90;
    json["within_10_percent"] = score->within_10;
    json["within_20_percent"] = score->within_20;
    json["r2"] = score->r2;
  }
  return json;
}

std::string report_json(const PredictorData& data) {
  nlohmann::ordered_json report = {{"device", data.device},
                                   {"types", nlohmann::ordered_json::array()},
                                   {"not_fitted", nlohmann::ordered_json::array()}};
  for (const TypePredictor& type : data.types) {
    nlohmann::ordered_json entry = {{"type", type_name(type.type)}, {"layers", type.samples}};
    entry["time"] = score_json(type.time.form, type.score());
    entry["tried"] = nlohmann::ordered_json::array();
    for (const FormScore& score : type.tried) {
      entry["tried"].push_back(score_json(score.form, &score));
    }
    if (type.power) {
      entry["power"] = score_json(type.power->form, find_score(type.tried_power, type.power->form));
    }
    report["types"].push_back(std::move(entry));
  }
  for (const predictors::NotFitted& entry : data.not_fitted) {
    report["not_fitted"].push_back(
        {{"type", type_name(entry.type)}, {"layers", entry.samples}, {"why", entry.why}});
  }
  return report.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int fit(const FitArguments& arguments) {
  std::vector<std::filesystem::path> paths(arguments.profiles.begin(), arguments.profiles.end());
  predictors::Profile profile = predictors::load_profile(paths, {.device = arguments.device});
  profile.input_is_copied = arguments.input_copied;
  const predictors::FitOptions options{.forms = arguments.forms == "published"
                                                    ? predictors::FormChoice::kPublished
                                                    : predictors::FormChoice::kBest,
                                       .folds = {.folds = arguments.folds, .seed = arguments.seed}};
  PredictorData data = predictors::fit_predictor(profile, arguments.device, options);
  data.date = arguments.date;
  for (const std::filesystem::path& path : paths) {
    data.source += (data.source.empty() ? "" : ", ") + path.filename().string();
  }
  for (const predictors::NotFitted& entry : data.not_fitted) {
    std::cerr << "edgecut: not fitted: " << type_name(entry.type) << " (" << entry.samples
              << (entry.samples == 1 ? " layer): " : " layers): ") << entry.why << '\n';
  }
  for (const TypePredictor& type : data.types) {
    if (type.tried.empty()) {
      std::cerr << "edgecut: " << type_name(type.type) << ": " << type.samples
                << " measured, too few different ones to hold any out: "
                << (type.samples == 1 ? "its time stands for every layer of the type"
                                      : "the form was fitted but not tested")
                << '\n';
    }
  }
  if (data.types.empty()) {
    throw base::ConfigError("profile", "no layer type could be fitted");
  }
  std::ostream& report = report_stream(arguments.out);
  results::write_file_atomically(arguments.out, predictors::predictor_json(data));
  report << (arguments.json ? report_json(data) : report_text(data));
  return kDone;
}

}  // namespace

void add_fit_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<FitArguments>();
  CLI::App* command =
      app.add_subcommand("fit", "Fit a predictor of layer times and power to measured layers");
  command->add_option("profile", arguments->profiles, "CSV tables of measured layers")->required();
  command
      ->add_option("--device", arguments->device,
                   "Name of the device; also picks rows of a column \"device\"")
      ->required();
  command->add_option("--out,-o", arguments->out, "Predictor file to write (JSON)")->required();
  command
      ->add_option("--forms", arguments->forms,
                   "published: the study's regressions; best: what does best on held-out layers")
      ->check(CLI::IsMember({"published", "best"}))
      ->capture_default_str();
  command->add_option("--folds", arguments->folds, "Folds of the cross-validation")
      ->check(number_between(2, 1000))
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "Seed of folds and trees")
      ->check(number_between(0.0, kSeedMax))
      ->capture_default_str();
  command->add_option("--date", arguments->date, "Date to note in the file (YYYY-MM-DD)");
  command->add_flag("--input-copied", arguments->input_copied,
                    "The times hold the copy of the input from the host: leave it out in networks");
  command->add_flag("--json", arguments->json, "The report as JSON");
  command->callback([arguments, &exit_code] { exit_code = fit(*arguments); });
}

}  // namespace edgecut::cli
