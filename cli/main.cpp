// The `edgecut` program: parses the command line, runs one command, tells every error in one way.
#include <csignal>
#include <iostream>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "cli/cluster_access.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"
#include "sim/run_control.hpp"

namespace edgecut::cli {

std::atomic<bool> interrupted{false};

namespace {

// The first signal asks for a clean end; the second ends at once.
extern "C" void on_signal(int signal) {
  if (interrupted.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

void print_problems(const base::ConfigError& error) {
  for (const base::Problem& problem : error.problems()) {
    std::cerr << "edgecut: " << (problem.where.empty() ? "" : problem.where + ": ") << problem.what
              << '\n';
  }
}

// CLI11 says that a subcommand is missing where one was misspelt.
int tell_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* parent = &app;
  while (!parent->get_subcommands().empty()) {
    parent = parent->get_subcommands().front();
  }
  std::vector<std::string> names;
  for (const CLI::App* command : parent->get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  const std::vector<std::string> unknown = parent->remaining();
  if (error.get_exit_code() == 0 || names.empty() || unknown.empty()) {
    return app.exit(error) == 0 ? kDone : kBadInput;
  }
  const bool is_option = unknown.front().starts_with('-');
  std::cerr << "edgecut: unknown " << (is_option ? "option" : "command") << " \"" << unknown.front()
            << "\"" << (is_option ? std::string() : base::suggestion(unknown.front(), names))
            << "\nRun with --help for more information.\n";
  return kBadInput;
}

int run_program(int argc, char** argv, const ProgramContext& context) {
  CLI::App app{
      "edgecut: a discrete-event simulator for edge-cloud DNN partitioning.\n"
      "Runs scenario files: mobile nodes and cloud GPU servers exchange DNN queries over wireless\n"
      "links, and split policies are compared by latency, device energy and throughput."};
  app.set_version_flag("--version", std::string("edgecut ") + kVersion + " (" + kCommit + ")");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 internal error, 2 bad input, 3 not converged, 4 overloaded,\n"
      "5 interrupted, 6 points of a sweep failed. Start with: edgecut run "
      "scenarios/quickstart.json --out results/runs/first");
  int exit_code = kDone;
  add_run_command(app, exit_code);
  add_sweep_command(app, exit_code, context);
  add_merge_command(app, exit_code);
  add_validate_command(app, exit_code);
  add_list_command(app, exit_code);
  add_trace_command(app, exit_code);
  add_capacity_command(app, exit_code);
  add_plan_command(app, exit_code);
  add_reproduce_command(app, exit_code);
  add_import_command(app, exit_code);
  add_calibrate_command(app, exit_code);
  add_fit_command(app, exit_code);
  add_profile_template_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return tell_parse_error(app, error);
  }
  return exit_code;
}

// A descriptor that the caller closed would be that of the next file, and text end up in it.
void keep_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0) {
      // Not writable where it is standard output: what was to be told must not get lost.
      static_cast<void>(open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
  }
}

// Whether who reads standard output has left, as `head` does when it has its lines.
bool has_reader_left() {
  pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

// The exit code when all of standard output could be written, or else another than kDone.
int finish_output(int code) {
  std::cout.flush();
  if (std::cout) {
    return code;
  }
  if (has_reader_left()) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);  // ends in silence, as other programs do
  }
  std::cerr << "edgecut: writing to standard output failed\n";
  return code == kDone ? kBadInput : code;
}

}  // namespace
}  // namespace edgecut::cli

int main(int argc, char** argv) {
  using namespace edgecut;
  cli::keep_standard_descriptors();
  std::signal(SIGINT, cli::on_signal);
  std::signal(SIGTERM, cli::on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond its limit is an error like a full disk
  try {
    const cli::ProgramContext context{argv, cli::cluster_of_program()};
    return cli::finish_output(cli::run_program(argc, argv, context));
  } catch (const base::ConfigError& error) {
    cli::print_problems(error);
    return cli::kBadInput;
  } catch (const sim::Cancelled&) {
    std::cerr << "edgecut: interrupted; nothing was written\n";
    return cli::kInterrupted;
  } catch (const std::bad_alloc&) {
    std::cerr << "edgecut: out of memory\n";
    return cli::kInternalError;
  } catch (const std::exception& error) {
    std::cerr << "edgecut: " << error.what() << '\n';
    return cli::kInternalError;
  }
}
