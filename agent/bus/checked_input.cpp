#include "agent/bus/checked_input.hpp"

#include <dlfcn.h>
#include <openssl/ssl.h>
#include <proton/connection.h>
#include <proton/connection_driver.h>
#include <proton/object.h>
#include <proton/transport.h>

namespace clacks::bus {

namespace {

PN_HANDLE(kCheck)
PN_HANDLE(kTls)

int tls_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

void keep(pn_transport_t* transport, pn_handle_t key, void* value) {
    auto* record = pn_transport_attachments(transport);
    pn_record_def(record, key, PN_VOID);
    pn_record_set(record, key, value);
}

// Of the next bytes, those that may go on. A transport of somebody else is none of our concern; of one that
// was detached nothing goes on.
std::size_t admitted(pn_transport_t* transport, std::string_view bytes) {
    auto* record = pn_transport_attachments(transport);
    if (!pn_record_has(record, kCheck)) return bytes.size();
    auto* check = static_cast<FrameCheck*>(pn_record_get(record, kCheck));
    return check ? check->admit(bytes) : 0;
}

bool refused(pn_transport_t* transport) {
    const auto* check = static_cast<FrameCheck*>(pn_record_get(pn_transport_attachments(transport), kCheck));
    return check && check->refusal();
}

template <class F>
F* original(const char* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

void CheckedInput::attach(pn_transport_t* transport) {
    transport_ = transport;
    keep(transport, kCheck, &check_);
}

void CheckedInput::detach() {
    if (transport_) keep(transport_, kCheck, nullptr);
    transport_ = nullptr;
}

void note_tls(pn_transport_t* transport, SSL* tls) {
    SSL_set_ex_data(tls, tls_index(), transport);
    keep(transport, kTls, tls);
}

}  // namespace clacks::bus

extern "C" {

__attribute__((visibility("default"))) void pn_connection_driver_read_done(pn_connection_driver_t* driver,
                                                                           std::size_t size) {
    using namespace clacks::bus;
    static const auto read_done =
        original<void(pn_connection_driver_t*, std::size_t)>("pn_connection_driver_read_done");
    auto* transport = driver->transport;
    if (size > 0 && !pn_record_get(pn_transport_attachments(transport), kTls))
        size = admitted(transport, {pn_transport_tail(transport), size});
    read_done(driver, size);
    if (refused(transport)) pn_connection_wake(driver->connection);
}

__attribute__((visibility("default"))) int BIO_read(BIO* bio, void* data, int length) {
    using namespace clacks::bus;
    static const auto read = original<int(BIO*, void*, int)>("BIO_read");
    const int size = read(bio, data, length);
    if (size <= 0 || BIO_method_type(bio) != BIO_TYPE_SSL) return size;
    SSL* tls = nullptr;
    BIO_get_ssl(bio, &tls);
    auto* transport = static_cast<pn_transport_t*>(tls ? SSL_get_ex_data(tls, tls_index()) : nullptr);
    if (!transport) return size;
    const auto passed = admitted(transport, {static_cast<const char*>(data), static_cast<std::size_t>(size)});
    if (passed > 0) return static_cast<int>(passed);
    BIO_set_retry_read(bio);  // as if nothing had come
    return -1;
}

}  // extern "C"
