#include "program.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace edgecut::cli::testing {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In the child: standard output or error to a file.
void redirect(const std::string& path, int descriptor) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, descriptor) < 0) {
    _exit(126);
  }
}

}  // namespace

Scratch::Scratch()
    : path_(fs::temp_directory_path() / ("edgecut-cli-" + std::to_string(getpid()))) {
  fs::remove_all(path_);
  fs::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Scratch::write(const std::string& name, const std::string& text) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return name;
}

std::string Scratch::read(const std::string& name) const { return text_of(path_ / name); }

bool Scratch::has(const std::string& name) const { return fs::exists(path_ / name); }

std::vector<std::string> Scratch::names(const std::string& folder) const {
  std::vector<std::string> list;
  for (const auto& entry : fs::directory_iterator(path_ / folder)) {
    list.push_back(entry.path().filename().string());
  }
  std::sort(list.begin(), list.end());
  return list;
}

std::map<std::string, std::string> Scratch::tree(const std::string& folder) const {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(path_ / folder)) {
    if (entry.is_regular_file()) {
      files[entry.path().lexically_relative(path_ / folder).string()] = text_of(entry.path());
    }
  }
  return files;
}

Running::Running(const Scratch& scratch, const std::vector<std::string>& arguments,
                 const Limits& limits) {
  static int number = 0;
  // Beside the scratch folder, so that what the program leaves there can be listed.
  const std::string base = scratch.path().string() + "-" + std::to_string(++number);
  out_path_ = limits.stdout_path.empty() ? base + ".out" : limits.stdout_path;
  err_path_ = base + ".err";
  reads_out_ = limits.stdout_path.empty();
  std::vector<std::string> words = limits.launcher;
  words.emplace_back(EDGECUT_PROGRAM);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const std::string out = out_path_.string();
  const std::string err = err_path_.string();
  const std::string directory = scratch.path().string();
  // Until the program takes over, a signal ends the child and is no failure of the test, whose
  // handlers it would otherwise run.
  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, &before);
  pid_ = fork();
  if (pid_ == 0) {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0) {
    throw std::runtime_error("fork failed");
  }
  if (pid_ == 0) {
    if (limits.memory_bytes > 0) {
      const rlimit bound{limits.memory_bytes, limits.memory_bytes};
      setrlimit(RLIMIT_AS, &bound);
    }
    if (limits.file_bytes > 0) {
      const rlimit bound{limits.file_bytes, limits.file_bytes};
      setrlimit(RLIMIT_FSIZE, &bound);
    }
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    if (chdir(directory.c_str()) != 0) {
      _exit(126);
    }
    execvp(argv[0], argv.data());
    _exit(127);
  }
}

Running::~Running() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove(err_path_, ignored);
  if (reads_out_) {
    fs::remove(out_path_, ignored);
  }
}

void Running::send(int signal) const { kill(pid_, signal); }

Ended Running::wait() {
  int status = 0;
  if (!wait_until([&] { return waitpid(pid_, &status, WNOHANG) != 0; })) {
    kill(pid_, SIGKILL);
    waitpid(pid_, &status, 0);
  }
  pid_ = -1;
  Ended ended;
  if (WIFEXITED(status)) {
    ended.exit_code = WEXITSTATUS(status);
  } else {
    ended.signal = WTERMSIG(status);
  }
  ended.out = reads_out_ ? text_of(out_path_) : "";
  ended.err = text_of(err_path_);
  return ended;
}

Ended run(const Scratch& scratch, const std::vector<std::string>& arguments, const Limits& limits) {
  return Running(scratch, arguments, limits).wait();
}

nlohmann::json queue(double queries) {
  auto document = nlohmann::json::parse(R"({
    "name": "queue",
    "workload": {"queries": [{"job": "job", "server_time": {"distribution": "exponential",
                                                            "mean_s": 0.01}}],
                 "arrivals": {"process": "poisson", "rate_per_s": 10}},
    "fleet": [{"count": 1, "network": "ideal"}],
    "cloud": {"gpus": 1},
    "policies": ["cloud-only"]})");
  document["stop"]["queries"] = queries;
  return document;
}

nlohmann::json fleet() {
  return nlohmann::json::parse(R"({
    "name": "fleet",
    "workload": {"queries": [{"model": "imc"}, {"model": "dig"}],
                 "arrivals": {"process": "poisson", "rate_per_s": 0.5}},
    "fleet": [{"count": 4, "device": "jetson-tk1-gpu", "network": "lte", "trace": "lte-driving"}],
    "cloud": {"server": "tesla-k40", "load_poll_interval_s": 1},
    "policies": ["cloud-only", "neurosurgeon-latency", "oracle"],
    "stop": {"queries": 2000}})");
}

}  // namespace edgecut::cli::testing
