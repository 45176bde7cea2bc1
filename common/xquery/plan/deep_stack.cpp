#include "common/xquery/plan/deep_stack.hpp"

#include <pthread.h>

#include <exception>

namespace clacks::xquery::plan {

namespace {

// The stack that a thread has usually, 8 MiB, is enough for kStackLevels.
constexpr std::size_t kBytesPerLevel = 8 * 1024 * 1024 / kStackLevels;
// Reserved, not used: the system gives pages as they are touched.
constexpr std::size_t kDeepStack = kAllLevels * kBytesPerLevel;

struct Task {
    Plan body;
    Frame& frame;
    Value value;
    std::exception_ptr error;
};

void* run(void* given) {
    Task& task = *static_cast<Task*>(given);
    try {
        task.value = task.body->all(task.frame);
    } catch (...) {
        task.error = std::current_exception();
    }
    return nullptr;
}

bool start(pthread_t& thread, Task& task) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    const bool started = pthread_attr_setstacksize(&attributes, kDeepStack) == 0 &&
                         pthread_create(&thread, &attributes, run, &task) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

}  // namespace

Value all_of_body(Plan body, Frame& frame) {
    if (frame.levels <= kStackLevels || frame.on_deep_stack) return body->all(frame);
    Task task{body, frame, {}, nullptr};
    pthread_t thread;
    frame.on_deep_stack = true;
    if (!start(thread, task)) {
        frame.on_deep_stack = false;
        fail(Code::limit_recursion, "the system has no room for the stack that so deep a recursion needs",
             "end the recursion earlier, or give the process more memory");
    }
    pthread_join(thread, nullptr);
    frame.on_deep_stack = false;
    if (task.error) std::rethrow_exception(task.error);
    return task.value;
}

}  // namespace clacks::xquery::plan
