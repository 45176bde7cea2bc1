// Changes a conversation as somebody does who knows AMQP: whole frames, fields of performatives, values of
// other types, lengths and counts that are not so.
#pragma once

#include <random>

#include "tests/fuzz/amqp/conversation.hpp"

namespace clacks::fuzz {

using Random = std::minstd_rand;

// One change, at a place and of a kind that `random` says.
void mutate(Conversation& conversation, Random& random);
// Parts of the first, then parts of the second one.
Conversation splice(const Conversation& first, const Conversation& second, Random& random);

}  // namespace clacks::fuzz
