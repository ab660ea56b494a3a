// The subcommands, one file each. A command adds itself to the program's parser; when it was asked
// for, its callback runs and leaves the exit code.
#pragma once

#include <atomic>
#include <filesystem>

#include <CLI/CLI.hpp>

namespace edgecut::campaigns {
struct Cluster;
struct TableCounts;
}  // namespace edgecut::campaigns

namespace edgecut::cli {

/// Exit codes, the same for every command.
enum ExitCode : int {
  kDone = 0,
  kInternalError = 1,
  kBadInput = 2,
  kNotConverged = 3,
  kOverloaded = 4,
  kInterrupted = 5,
  kPointsFailed = 6,
};

/// Seeds are whole numbers from 0 to here, as in a scenario (a double holds each of them).
inline constexpr double kSeedMax = 9e15;

inline constexpr double kThreadsMax = 1024;

/// Set by Ctrl-C (SIGINT) and SIGTERM; long commands look at it and end cleanly.
extern std::atomic<bool> interrupted;

/// How the program was started.
struct ProgramContext {
  char** argv = nullptr;
  const campaigns::Cluster* cluster = nullptr;  // of the program that knows MPI
};

/// Goes on as `edgecut-mpi`, the same program with MPI, with the same arguments. Throws
/// base::ConfigError when there is none.
[[noreturn]] void run_mpi_program(const ProgramContext& context);

/// Says what went wrong in a campaign; the exit code.
int tell_table_counts(const campaigns::TableCounts& counts, const std::filesystem::path& folder);

void add_run_command(CLI::App& app, int& exit_code);
void add_validate_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_trace_command(CLI::App& app, int& exit_code);
void add_capacity_command(CLI::App& app, int& exit_code);
void add_reproduce_command(CLI::App& app, int& exit_code);
void add_plan_command(CLI::App& app, int& exit_code);
void add_import_command(CLI::App& app, int& exit_code);
void add_calibrate_command(CLI::App& app, int& exit_code);
void add_fit_command(CLI::App& app, int& exit_code);
void add_profile_template_command(CLI::App& app, int& exit_code);
void add_sweep_command(CLI::App& app, int& exit_code, const ProgramContext& context);
void add_merge_command(CLI::App& app, int& exit_code);

}  // namespace edgecut::cli
