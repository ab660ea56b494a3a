// `edgecut merge`: the folders of a campaign's shards become one.
#include <iostream>
#include <memory>

#include "campaigns/session.hpp"
#include "cli/commands.hpp"

namespace edgecut::cli {
namespace {

struct MergeArguments {
  std::vector<std::string> parts;
  std::string out;
};

int merge(const MergeArguments& arguments) {
  const std::vector<std::filesystem::path> parts(arguments.parts.begin(), arguments.parts.end());
  const campaigns::TableCounts counts = campaigns::merge_campaigns(parts, arguments.out);
  std::cout << counts.points << " points in "
            << (std::filesystem::path(arguments.out) / "throughput.csv").string() << '\n';
  if (counts.missing > 0) {
    std::cerr << "edgecut: " << counts.missing << " points are in none of the folders\n";
  }
  const int code = tell_table_counts(counts, arguments.out);
  return code == kDone && counts.missing > 0 ? kNotConverged : code;
}

}  // namespace

void add_merge_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App* command = app.add_subcommand("merge", "Put the folders of a sweep's shards together");
  command->add_option("parts", arguments->parts, "Folders of sweeps with --shard")->required();
  command->add_option("--out,-o", arguments->out, "Folder for the whole")->required();
  command->callback([arguments, &exit_code] { exit_code = merge(*arguments); });
}

}  // namespace edgecut::cli
