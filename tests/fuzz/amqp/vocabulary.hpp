// Values, performatives and protocol headers that mean something to a listener, in all the forms that AMQP
// has.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/amqp/conversation.hpp"

namespace clacks::fuzz {

std::string any_header(std::minstd_rand& random);
// Of every type, and for each type the values at its edges; addresses and filters that are served.
Value any_value(std::minstd_rand& random);
// A performative of the AMQP or the SASL layer, and the sections of a message behind a transfer.
std::vector<Value> any_performative(std::minstd_rand& random);

}  // namespace clacks::fuzz
